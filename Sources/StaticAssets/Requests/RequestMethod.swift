/// The request methods that a file's URL distinguishes.
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
