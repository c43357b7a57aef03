internal import StaticAssets

/// A request for no file, for a handler of this process.
///
/// The fields are those that a proxied app would get. Hop-by-hop fields are removed.
/// `X-Forwarded-For` and similar fields follow `ForwardingPolicy.trust`; a client cannot forge
/// them. `X-Request-Id` is always present.
public struct HandlerRequest: Sendable {
  /// The method as received; methods are case-sensitive.
  public let method: String
  /// The target in origin form: path and query, percent-encoded, such as `/search?q=a%20b`.
  public let target: String
  /// The field lines.
  public let fields: HandlerFields
  /// The content; empty if the request has none.
  public let content: HandlerContent

  /// The path of `target`, percent-encoded.
  public var path: Substring { target.prefix { $0 != "?" } }

  /// The query of `target` without the `?`; nil if there is none.
  public var query: Substring? {
    target.firstIndex(of: "?").map { target[target.index(after: $0)...] }
  }

  /// Parses the head that would be sent to an app.
  ///
  /// - Parameter head: a valid request line and valid field lines.
  init(_ head: [UInt8], _ content: HandlerContent) {
    let lineEnd = head.firstIndex(of: UInt8(ascii: "\r")) ?? head.count
    let parts = head[..<lineEnd].split(separator: UInt8(ascii: " "), maxSplits: 2)
    precondition(parts.count == 3, "a malformed request line")
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
