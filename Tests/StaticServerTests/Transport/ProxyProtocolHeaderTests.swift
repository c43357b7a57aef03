import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// Both versions of the PROXY protocol, valid and malformed, split at every byte.
///
/// Goal: the address is exactly the balancer's, and a malformed header is refused as soon as that
/// is certain, and never parsed as a request.
@Suite struct ProxyProtocolHeaderTests {
  private static let signature: [UInt8] = Array("\r\n\r\n\0\r\nQUIT\n".utf8)

  /// A header of version 2.
  private static func binary(
    _ command: UInt8,
    _ family: UInt8,
    _ payload: [UInt8],
    count: Int? = nil
  ) -> [UInt8] {
    let count = count ?? payload.count
    return signature + [command, family, UInt8(count >> 8), UInt8(count & 255)] + payload
  }

  private static let tcp4: [UInt8] = [192, 0, 2, 1, 192, 0, 2, 2, 0xDC, 0x04, 0x01, 0xBB]
  private static let tcp6: [UInt8] =
    [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]
    + [UInt8](repeating: 0, count: 15) + [2] + [0xDC, 0x04, 0x01, 0xBB]

  /// A type, a length and a value (TLV).
  private static func value(_ type: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [type, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    var client: String?
    var isSecure = false
    var testDescription: String { name }
  }

  private static func text(_ line: String, _ client: String? = nil) -> Row {
    Row(name: line, bytes: Array("\(line)\r\n".utf8), client: client)
  }

  static let valid = [
    text("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443", "192.0.2.1"),
    text("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535", "255.255.255.255"),
    text("PROXY TCP4 0.0.0.0 0.0.0.0 0 0", "0.0.0.0"),
    text("PROXY TCP6 2001:db8::1 ::1 56324 443", "2001:db8::1"),
    text("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2", "192.0.2.1"),
    text(
      "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
        + "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535",
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    ),
    text("PROXY UNKNOWN"), text("PROXY UNKNOWN "), text("PROXY UNKNOWN any thing at all"),
    text("PROXY UNKNOWN \(String(repeating: "a", count: 91))"),
    Row(name: "2 TCP4", bytes: binary(0x21, 0x11, tcp4), client: "192.0.2.1"),
    Row(name: "2 TCP6", bytes: binary(0x21, 0x21, tcp6), client: "2001:db8::1"),
    Row(name: "2 Unix", bytes: binary(0x21, 0x31, [UInt8](repeating: 65, count: 216))),
    Row(name: "2 unspecified", bytes: binary(0x21, 0x00, [])),
    Row(name: "2 unspecified with values", bytes: binary(0x21, 0x00, value(0xE0, [1, 2, 3]))),
    Row(name: "2 local", bytes: binary(0x20, 0x00, [])),
    Row(name: "2 local of any family", bytes: binary(0x20, 0x77, [1, 2, 3])),
    Row(
      name: "2 with values",
      bytes: binary(0x21, 0x11, tcp4 + value(0x01, Array("h2".utf8)) + value(0xEA, [])),
      client: "192.0.2.1"
    ),
    Row(
      name: "2 with TLS",
      bytes: binary(0x21, 0x11, tcp4 + value(0x20, [1, 0, 0, 0, 0])),
      client: "192.0.2.1",
      isSecure: true
    ),
    Row(
      name: "2 with a TLS value that says no",
      bytes: binary(0x21, 0x11, tcp4 + value(0x20, [2, 0, 0, 0, 0])),
      client: "192.0.2.1"
    ),
    Row(
      name: "2 as long as may be",
      bytes: binary(0x21, 0x11, tcp4 + value(0xE0, [UInt8](repeating: 0, count: 2017))),
      client: "192.0.2.1"
    ),
    // The CRC-32C was computed by another program.
    Row(
      name: "2 with a checksum",
      bytes: binary(0x21, 0x11, tcp4 + value(0x03, [0xD6, 0xC8, 0xC7, 0x5F])),
      client: "192.0.2.1"
    ),
  ]

  @Test(
    "a header, whole, split at every byte, and followed by a request",
    arguments: valid
  )
  func accepts(row: Row) throws {
    let expected = ProxyProtocolHeader.Outcome.complete(
      ProxyProtocolHeader(
        client: try row.client.map { try #require(PeerAddress($0)) },
        isSecure: row.isSecure,
        byteCount: row.bytes.count
      )
    )
    for count in 0..<row.bytes.count {
      let part = Array(row.bytes[..<count])
      let outcome = ProxyProtocolHeader.read(part.span)
      #expect(outcome == .incomplete, "\(count) bytes")
    }
    let whole = ProxyProtocolHeader.read(row.bytes.span)
    #expect(whole == expected)
    let all = row.bytes + Array("GET / HTTP/1.1\r\n".utf8)
    let followed = ProxyProtocolHeader.read(all.span)
    #expect(followed == expected)
  }

  static let malformed: [Row] =
    [
      "GET / HTTP/1.1", "PROXY", "PROXY ", "PROXY TCP4", "PROXY  TCP4 1.1.1.1 1.1.1.1 1 1",
      "PROXY TCP4 1.1.1.1 1.1.1.1 1", "PROXY TCP4 1.1.1.1 1.1.1.1 1 1 ",
      "PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1", "PROXY TCP4 1.1.1.1  1.1.1.1 1 1",
      "PROXY TCP4 1.1.1 1.1.1.1 1 1", "PROXY TCP4 1.1.1.1 1.1.1.256 1 1",
      "PROXY TCP4 01.1.1.1 1.1.1.1 1 1", "PROXY TCP4 ::1 ::1 1 1", "PROXY TCP6 1.1.1.1 1.1.1.1 1 1",
      "PROXY TCP6 ::1 1.1.1.1 1 1", "PROXY TCP4 1.1.1.1 1.1.1.1 65536 1",
      "PROXY TCP4 1.1.1.1 1.1.1.1 1 -1", "PROXY TCP4 1.1.1.1 1.1.1.1 01 1",
      "PROXY TCP4 1.1.1.1 1.1.1.1 1 x", "PROXY TCP4 1.1.1.1 1.1.1.1 1 999999", "PROXY UDP4 a b 1 1",
      "PROXY tcp4 1.1.1.1 1.1.1.1 1 1", "proxy TCP4 1.1.1.1 1.1.1.1 1 1", "PROXY unknown",
      "PROXY UNKNOWN\u{7f}", "PROXY UNKNOWN \u{0}", "PROXY UNKNOWN \u{e9}",
      "PROXY UNKNOWN \(String(repeating: "a", count: 92))", "PROXYTCP4 1.1.1.1 1.1.1.1 1 1",
      " PROXY TCP4 1.1.1.1 1.1.1.1 1 1", "PROXY\tTCP4 1.1.1.1 1.1.1.1 1 1",
      "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\n",
    ].map { text($0) } + [
      Row(name: "CR without LF", bytes: Array("PROXY UNKNOWN\rX".utf8)),
      Row(name: "wrong signature", bytes: Array("\r\n\r\n\0\r\nQUIX\n".utf8)),
      Row(name: "empty lines", bytes: Array("\r\n\r\nGET / HTTP/1.1\r\n".utf8)),
      Row(name: "version 1 in binary", bytes: binary(0x11, 0x11, tcp4)),
      Row(name: "version 3", bytes: binary(0x31, 0x11, tcp4)),
      Row(name: "another command", bytes: binary(0x22, 0x11, tcp4)),
      Row(name: "datagrams", bytes: binary(0x21, 0x12, tcp4)),
      Row(name: "an unknown family", bytes: binary(0x21, 0x41, tcp4)),
      Row(name: "too short for its family", bytes: binary(0x21, 0x11, Array(tcp4.dropLast()))),
      Row(name: "IPv6 with an IPv4 address", bytes: binary(0x21, 0x21, tcp4)),
      Row(name: "a value cut", bytes: binary(0x21, 0x11, tcp4 + [0xE0])),
      Row(name: "a value longer than all", bytes: binary(0x21, 0x11, tcp4 + [0xE0, 0, 2, 1])),
      Row(name: "TLS without bits", bytes: binary(0x21, 0x11, tcp4 + value(0x20, [1, 0, 0, 0]))),
      Row(name: "a wrong checksum", bytes: binary(0x21, 0x11, tcp4 + value(0x03, [1, 2, 3, 4]))),
      Row(name: "a short checksum", bytes: binary(0x21, 0x11, tcp4 + value(0x03, [1, 2]))),
      Row(name: "longer than may be", bytes: binary(0x21, 0x11, tcp4, count: 2033)),
      Row(name: "as long as it can say", bytes: binary(0x20, 0, [], count: 65535)),
    ]

  @Test("malformed headers, whole and byte by byte", arguments: malformed)
  func refuses(row: Row) {
    let whole = ProxyProtocolHeader.read(row.bytes.span)
    #expect(whole == .malformed)
    // A refusal is final; and no prefix is accepted as a header.
    var isRefused = false
    for count in 0...row.bytes.count {
      let part = Array(row.bytes[..<count])
      let outcome = ProxyProtocolHeader.read(part.span)
      #expect(outcome == .malformed || (outcome == .incomplete && !isRefused))
      isRefused = outcome == .malformed
    }
  }

  @Test("through the loop: split anywhere, followed by requests, and malformed")
  func loop() throws {
    let directory = TemporaryDirectory()
    directory.write("hello", to: "a.txt")
    var harness = try LoopHarness(directory) { $0.expectsProxyProtocol = true }
    let header = Array("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n".utf8)
    let request = Array("GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    for bytes in [header, Self.binary(0x21, 0x11, Self.tcp4 + Self.value(0x20, [1, 0, 0, 0, 0]))] {
      let all = bytes + request + request
      for split in 0...bytes.count {
        let client = try harness.connect()
        try harness.send(all[..<split], client)
        try harness.send(all[split...], client)
        #expect(harness.statuses(client) == [200, 200])
      }
    }
    let forged = try harness.connect()
    try harness.send(request, forged)
    #expect(harness.statuses(forged) == [0])
    #expect(harness.loop.counters.value(of: .malformedPrelude) == 1)
    harness.finish()
  }
}
