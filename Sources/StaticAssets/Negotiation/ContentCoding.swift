/// A content coding of a stored representation.
///
/// Source: RFC 9110 §8.4.1, RFC 7932 (`br`), RFC 8878 (`zstd`).
public enum ContentCoding: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  /// No coding.
  case identity
  /// `gzip`; clients may name it `x-gzip`.
  case gzip
  /// `br`
  case brotli
  /// `zstd`
  case zstandard

  /// The token in `Accept-Encoding` and `Content-Encoding`.
  package var token: StaticString {
    switch self {
    case .identity: "identity"
    case .gzip: "gzip"
    case .brotli: "br"
    case .zstandard: "zstd"
    }
  }

  /// The suffix of a stored file in this coding, with its dot; empty for identity.
  package var fileSuffix: String {
    switch self {
    case .identity: ""
    case .gzip: ".gz"
    case .brotli: ".br"
    case .zstandard: ".zst"
    }
  }
}
