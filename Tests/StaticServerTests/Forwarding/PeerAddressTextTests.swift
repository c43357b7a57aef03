import Testing

@testable import StaticServer

/// Addresses in the form of RFC 5952, from all accepted forms.
@Suite struct PeerAddressTextTests {
  @Test(
    "written",
    arguments: [
      // §4.1 leading zeros, §4.3 lower case
      ("2001:0db8:0001:0002:0003:0004:0005:0006", "2001:db8:1:2:3:4:5:6"),
      ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
      ("2001:db8:0:0:1:0:0:00aA", "2001:db8::1:0:0:aa"),
      // §4.2.1 as short as possible
      ("::", "::"), ("0:0:0:0:0:0:0:0", "::"), ("0:0:0:0:0:0:0:1", "::1"), ("1::", "1::"),
      ("2001:db8::0:1", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
      ("1::8", "1::8"), ("fe80::", "fe80::"), ("1:2:3:4:5:6::", "1:2:3:4:5:6::"),
      ("::3:4:5:6:7:8", "::3:4:5:6:7:8"),
      // §4.2.2 not for one group
      ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
      ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1:0:3:0:5:0:7:0", "1:0:3:0:5:0:7:0"),
      // §4.2.3 the longest run, the first of equal ones
      ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("0:0:3:4:0:0:0:0", "0:0:3:4::"), ("0:0:3:0:0:6:0:0", "::3:0:0:6:0:0"),
      ("1:0:0:4:5:0:0:0", "1:0:0:4:5::"), ("0:0:0:4:0:0:0:8", "::4:0:0:0:8"),
      // §5: ::ffff:0:0/96 is IPv4, all others are without dots
      ("::ffff:1.2.3.4", "1.2.3.4"), ("::FFFF:c000:201", "192.0.2.1"),
      ("0:0:0:0:0:ffff:0:0", "0.0.0.0"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
      ("::1.2.3.4", "::102:304"), ("::ffff:0:1.2.3.4", "::ffff:0:102:304"),
      ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("::fffe:1.2.3.4", "::fffe:102:304"),
      ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
      ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ]
  )
  func written(text: String, expected: String) throws {
    let address = try #require(PeerAddress(text))
    #expect(Self.text(address) == expected)
    #expect(PeerAddress(expected) == address)
  }

  @Test("the peer of a Unix socket has no address")
  func unix() {
    #expect(Self.text(PeerAddress()) == "unix")
  }

  @Test(
    "headers of the PROXY protocol, each of which gunicorn reads",
    arguments: [
      ("192.0.2.1", "PROXY TCP4 192.0.2.1 127.0.0.1 0 0\r\n"),
      ("2001:db8::1", "PROXY TCP6 2001:db8::1 ::1 0 0\r\n"),
      ("::ffff:192.0.2.1", "PROXY TCP4 192.0.2.1 127.0.0.1 0 0\r\n"),
      ("", "PROXY TCP4 127.0.0.1 127.0.0.1 0 0\r\n"),
    ]
  )
  func proxyProtocol(client: String, line: String) throws {
    let address = client.isEmpty ? PeerAddress() : try #require(PeerAddress(client))
    var buffer = ByteBuffer(capacity: ByteBuffer.proxyProtocolLineBytesMax)
    buffer.appendProxyProtocolLine(address)
    let bytes = Array(UnsafeRawBufferPointer(start: buffer.start, count: buffer.count))
    #expect(String(decoding: bytes, as: UTF8.self) == line)
  }

  private static func text(_ address: PeerAddress) -> String {
    var buffer = ByteBuffer(capacity: 39)
    buffer.append(address)
    let bytes = Array(UnsafeRawBufferPointer(start: buffer.start, count: buffer.count))
    return String(decoding: bytes, as: UTF8.self)
  }
}
