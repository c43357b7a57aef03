/// How long a client may use an answer without asking again.
///
/// Source: RFC 9111 §5.2.2, RFC 8246 (`immutable`); the values are WhiteNoise's.
public enum CachePolicy: Equatable, Sendable {
  /// The name changes with the content: ten years, and no revalidation on reload.
  case immutable
  /// Seconds to use the answer; nil sends no `Cache-Control`.
  case maxAge(Int?)

  static var immutableFieldValue: StaticString { "max-age=315360000, public, immutable" }

  /// The value of `Cache-Control`; nil when the field is not sent.
  public var fieldValue: String? {
    switch self {
    case .immutable: Self.immutableFieldValue.description
    case .maxAge(let seconds?): "max-age=\(seconds), public"
    case .maxAge(nil): nil
    }
  }
}
