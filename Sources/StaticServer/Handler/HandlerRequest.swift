internal import StaticAssets

/// A request that is nothing of the table's, for a handler in this process; its content has come.
///
/// The fields are what a proxied app would get: those about the connection are left out, and who the
/// client is stands in `X-Forwarded-For` and its like as `ForwardingPolicy.trust` says, never as the
/// client claims. `X-Request-Id` is always there.
public struct HandlerRequest: Sendable {
  /// The method as sent; a method is case-sensitive.
  public let method: String
  /// The target from its path on, percent-encoded, with its query: `/search?q=a%20b`.
  public let target: String
  /// The fields.
  public let fields: HandlerFields
  /// The content; empty without any.
  public let content: HandlerContent

  /// The part of `target` before the query, still percent-encoded.
  public var path: Substring { target.prefix { $0 != "?" } }

  /// The part of `target` behind the `?`; nil without one.
  public var query: Substring? {
    target.firstIndex(of: "?").map { target[target.index(after: $0)...] }
  }

  /// Reads the head that was written for an app.
  ///
  /// - Parameter head: request line and field lines, accepted by a parser before.
  init(_ head: [UInt8], _ content: HandlerContent) {
    let lineEnd = head.firstIndex(of: UInt8(ascii: "\r")) ?? head.count
    let parts = head[..<lineEnd].split(separator: UInt8(ascii: " "), maxSplits: 2)
    precondition(parts.count == 3, "a request line of our own")
    method = String(decoding: parts[0], as: UTF8.self)
    target = String(decoding: parts[1], as: UTF8.self)
    self.content = content
    var fields = HandlerFields()
    var cursor = FieldCursor(ByteSlice(offset: lineEnd + 2, count: head.count - lineEnd - 2))
    while let line = cursor.next(head.span) {
      fields.append(
        String(decoding: head[line.name], as: UTF8.self),
        String(decoding: head[line.value], as: UTF8.self)
      )
    }
    self.fields = fields
  }
}
