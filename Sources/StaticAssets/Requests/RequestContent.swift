/// The framing of a request's content.
///
/// Source: RFC 9112 §6.
package enum RequestContent: Equatable, Sendable {
  /// The request has no content.
  case none
  /// `Content-Length`: the number of bytes, more than zero.
  case length(Int64)
  /// `Transfer-Encoding: chunked`
  case chunked
}
