import Foundation
import StaticAssets
import Testing

@testable import StaticServer

/// A request as forwarded to the app.
struct ForwardedHead {
  /// The request line.
  let requestLine: String
  /// The field lines in order, with lower-case names.
  let fields: [(name: String, value: String)]

  /// The values of all lines of a field.
  func values(_ name: String) -> [String] {
    fields.filter { $0.name == name }.map(\.value)
  }

  /// The value of a field with a single line; nil if there is none, or more than one.
  subscript(name: String) -> String? {
    let all = values(name)
    return all.count == 1 ? all[0] : nil
  }

  static let identifier = "000000000000000a000000000000000b"

  /// Forwards `text`, a whole request head sent by `peer`; nil is the peer of a Unix socket.
  static func forward(
    _ text: String,
    from peer: String? = "203.0.113.9",
    trust: ForwardingTrust = .nobody,
    forwardedFor: ForwardedFor = .client,
    isSecure: Bool = false
  ) throws -> ForwardedHead {
    var buffer = ByteBuffer(capacity: 65536)
    let isAppended = try append(
      text,
      from: peer,
      trust: trust,
      forwardedFor: forwardedFor,
      isSecure: isSecure,
      to: &buffer
    )
    try #require(isAppended)
    let bytes = Array(UnsafeRawBufferPointer(start: buffer.start, count: buffer.count))
    #expect(bytes.count <= text.utf8.count + ForwardedFields.addedBytesMax)
    try #require(bytes.suffix(2).elementsEqual("\r\n".utf8))
    let lines = String(decoding: bytes.dropLast(2), as: UTF8.self).components(separatedBy: "\r\n")
    return ForwardedHead(
      requestLine: lines[0],
      fields: lines.dropFirst().map { line in
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts[1].drop { $0 == " " || $0 == "\t" }
        return (parts[0].lowercased(), String(value))
      }
    )
  }

  /// The same, into a buffer of the test; returns whether the head was accepted.
  static func append(
    _ text: String,
    from peer: String? = "203.0.113.9",
    trust: ForwardingTrust = .nobody,
    forwardedFor: ForwardedFor = .client,
    isSecure: Bool = false,
    to buffer: inout ByteBuffer
  ) throws -> Bool {
    let bytes = Array(text.utf8)
    var head = RequestHead()
    let outcome = RequestHeadParser.parse(
      bytes.span,
      limits: RequestLimits(headBytesMax: 65535, fieldCountMax: 1000),
      into: &head
    )
    try #require(outcome == .complete, "\(text)")
    var policy = ForwardingPolicy()
    policy.trust = trust
    policy.forwardedFor = forwardedFor
    let fields = ForwardedFields(defaultHost: Array("127.0.0.1:8000".utf8), policy: policy)
    let address = try peer.map { try #require(PeerAddress($0)) } ?? PeerAddress()
    let view = fields.view(of: head, in: bytes.span, from: address, isSecure: isSecure)
    let place = fields.append(
      head,
      in: bytes.span,
      view,
      identifier: RequestIdentifier(high: 10, low: 11),
      milliseconds: 1_700_000_000_123,
      to: &buffer
    )
    if let place {
      // The identifier is at the reported offset.
      let before = UnsafeRawBufferPointer(start: buffer.start, count: Int(place.offset))
      try #require(before.suffix(16).elementsEqual("\r\nX-Request-Id: ".utf8))
      try #require(buffer.start.load(fromByteOffset: place.range.upperBound, as: UInt8.self) == 13)
    }
    return place != nil
  }
}
