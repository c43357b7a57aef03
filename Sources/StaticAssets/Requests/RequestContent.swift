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

  /// Whether there is no content; `==` would be a call through a witness table in another module.
  package var isNone: Bool {
    if case .none = self { true } else { false }
  }
}
