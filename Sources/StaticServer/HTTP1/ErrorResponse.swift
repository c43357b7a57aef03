internal import StaticAssets

/// A response of the server's own that tells an error: the only place where one is made, but for the
/// pages that an operator provides.
///
/// Source: RFC 9110 §15.5 and §15.6; a response to HEAD has the fields and no content (§9.3.2).
struct ErrorResponse {
  /// The form of the content.
  enum Format {
    /// For a request that could not be understood, whose `Accept` is not known.
    case text
    case html
    case json
  }

  /// The status line and the fields, without what `HeadSuffix` adds.
  let head: [UInt8]
  /// The content; empty in an answer to HEAD.
  let body: [UInt8]

  /// The response with `status`.
  ///
  /// - Parameter isHead: whether the request was HEAD.
  init(_ status: ResponseStatus, _ format: Format, isHead: Bool) {
    let title = "\(status.rawValue) \(status.reason)"
    let (type, text) = Self.content(status, title, format)
    var fields = "Content-Type: \(type)\r\nContent-Length: \(text.utf8.count)\r\n"
    fields += "Cache-Control: no-store\r\n"
    switch status {
    // What an app allows is not known here; this is for TRACE, which nothing does.
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

  /// Whether the request that starts with the first of `bytes` is HEAD, be the rest of it valid or
  /// not.
  static func isHead(_ bytes: Span<UInt8>) -> Bool {
    let method: StaticString = "HEAD "
    guard bytes.count >= method.utf8CodeUnitCount else { return false }
    for index in 0..<method.utf8CodeUnitCount {
      // `index` is below the literal's count.
      guard unsafe method.utf8Start[index] == bytes[index] else { return false }
    }
    return true
  }
}
