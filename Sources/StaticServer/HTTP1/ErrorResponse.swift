internal import StaticAssets

/// An error response of this server; the only place that creates one, except configured error
/// pages.
///
/// Source: RFC 9110 §15.5 and §15.6; a response to HEAD has the fields but no content (§9.3.2).
struct ErrorResponse {
  /// The format of the content.
  enum Format {
    /// Plain text, for a malformed request: its `Accept` is unknown.
    case text
    case html
    case json
  }

  /// The status line and the fields, without those of `HeadSuffix`.
  let head: [UInt8]
  /// The content; empty in a response to HEAD.
  let body: [UInt8]

  /// Creates the response with `status`.
  ///
  /// - Parameter isHead: whether the request method is HEAD.
  init(_ status: ResponseStatus, _ format: Format, isHead: Bool) {
    let title = "\(status.rawValue) \(status.reason)"
    let (type, text) = Self.content(status, title, format)
    var fields = "Content-Type: \(type)\r\nContent-Length: \(text.utf8.count)\r\n"
    fields += "Cache-Control: no-store\r\n"
    switch status {
    // Only TRACE gets 405 here; the methods that the app allows are unknown, so all others are
    // listed.
    case .methodNotAllowed: fields += "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"
    case .serviceUnavailable: fields += "Retry-After: 2\r\n"
    default: break
    }
    head = Array("HTTP/1.1 \(title)\r\n\(fields)".utf8)
    body = isHead ? [] : Array(text.utf8)
  }

  private static func content(
    _ status: ResponseStatus,
    _ title: String,
    _ format: Format
  ) -> (type: String, text: String) {
    switch format {
    case .text: return ("text/plain; charset=\"utf-8\"", "\(status.reason)\n")
    case .json:
      let text = "{\"status\":\(status.rawValue),\"error\":\"\(status.reason)\"}\n"
      return ("application/json", text)
    case .html:
      let text = """
        <!doctype html>
        <html lang="en"><title>\(title)</title><h1>\(title)</h1></html>

        """
      return ("text/html; charset=\"utf-8\"", text)
    }
  }

  /// Whether the method of the request at the start of `bytes` is HEAD; the rest may be malformed.
  static func isHead(_ bytes: Span<UInt8>) -> Bool {
    let method: StaticString = "HEAD "
    guard bytes.count >= method.utf8CodeUnitCount else { return false }
    for index in 0..<method.utf8CodeUnitCount {
      // `index` is below the length of the literal.
      guard unsafe method.utf8Start[index] == bytes[index] else { return false }
    }
    return true
  }
}
