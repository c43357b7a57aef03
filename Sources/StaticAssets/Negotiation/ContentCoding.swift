/// A content coding in which a stored representation may be.
///
/// Source: RFC 9110 §8.4.1, RFC 7932 (`br`), RFC 8878 (`zstd`).
public enum ContentCoding: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  /// The bytes as they are.
  case identity
  /// `gzip`; a client may call it `x-gzip`.
  case gzip
  /// `br`
  case brotli
  /// `zstd`
  case zstandard

  /// The token in `Accept-Encoding` and `Content-Encoding`.
  public var token: StaticString {
    switch self {
    case .identity: "identity"
    case .gzip: "gzip"
    case .brotli: "br"
    case .zstandard: "zstd"
    }
  }

  /// What is added to a file's name for its stored form in this coding; empty for identity.
  public var fileSuffix: String {
    switch self {
    case .identity: ""
    case .gzip: ".gz"
    case .brotli: ".br"
    case .zstandard: ".zst"
    }
  }
}
