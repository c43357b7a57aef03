package import StaticAssets

/// The content of a request.
package enum HTTPBody: Sendable {
  case none
  case bytes([UInt8])
  /// A whole file, which has this length.
  case file(BytePath, byteCount: Int)

  var byteCount: Int {
    switch self {
    case .none: 0
    case .bytes(let bytes): bytes.count
    case .file(_, let byteCount): byteCount
    }
  }
}

/// A request to one server.
struct HTTPRequest: Sendable {
  var method: String
  /// The path with the query, percent-encoded.
  var target: String
  /// Without Host, Content-Length and Connection.
  var fields: [(name: String, value: String)] = []
  var body = HTTPBody.none

  /// The head as sent.
  ///
  /// A control character in a value could begin another field (RFC 9110 §5.5), so it becomes a
  /// space.
  func head(host: String) -> [UInt8] {
    var text = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: staticd\r\n"
    for (name, value) in fields {
      let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
      text += "\(name): \(isPlain ? value : Self.plain(value))\r\n"
    }
    if method != "GET", method != "HEAD" { text += "Content-Length: \(body.byteCount)\r\n" }
    return Array((text + "\r\n").utf8)
  }

  /// A value with spaces in place of control characters.
  static func plain(_ value: String) -> String {
    String(decoding: value.utf8.map { $0 >= 0x20 && $0 != 0x7F ? $0 : 0x20 }, as: UTF8.self)
  }
}

/// A response with its whole content.
package struct HTTPResponse: Sendable {
  package let status: Int
  /// Names in lower case.
  package let fields: [(name: String, value: String)]
  package var body: [UInt8]

  /// The value of the first field of this name, which is in lower case.
  package func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// The date in a field, in seconds since 1970; nil if there is no such field, or no date in it.
  ///
  /// - Parameter now: the current time, which decides the century of an obsolete form.
  func date(_ name: String, now: Int64) -> Int64? {
    guard let text = field(name).map({ Array($0.utf8) }) else { return nil }
    return HTTPDate.parse(text.span, 0..<text.count, now: now)
  }

  /// The delay in seconds that `Retry-After` asks for, as a number or as a date (RFC 9110 §10.2.3).
  ///
  /// A date is compared with that of the response, since the clocks of both sides may differ.
  func retryAfterSeconds(at now: Int64) -> Int? {
    guard let text = field("retry-after") else { return nil }
    if let seconds = Int(text) { return seconds }
    return date("retry-after", now: now).map { Int($0 - (date("date", now: now) ?? now)) }
  }
}
