/// The request methods that the responses for a file depend on.
///
/// Source: RFC 9110 §9.
package enum RequestMethod: UInt8, Sendable {
  /// `GET`
  case get
  /// `HEAD`
  case head
  /// `OPTIONS`
  case options
  /// Any other token.
  case other
}
