/// How long a response may be used without revalidation.
///
/// Source: RFC 9111 §5.2.2, RFC 8246 (`immutable`); the values are WhiteNoise's.
package enum CachePolicy: Equatable, Sendable {
  /// The name contains a hash of the content: ten years, and no revalidation on reload.
  case immutable
  /// `max-age` in whole seconds; nil sends no `Cache-Control`.
  case maxAge(Duration?)

  static var immutableFieldValue: StaticString { "max-age=315360000, public, immutable" }

  /// The value of `Cache-Control`; nil when the field is not sent.
  package var fieldValue: String? {
    switch self {
    case .immutable: Self.immutableFieldValue.description
    case .maxAge(let age?): "max-age=\(age.wholeSeconds), public"
    case .maxAge(nil): nil
    }
  }
}
