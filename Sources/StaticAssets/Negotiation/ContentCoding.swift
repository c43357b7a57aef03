/// A content coding of a stored representation.
///
/// Source: RFC 9110 §8.4.1, RFC 7932 (`br`), RFC 8878 (`zstd`), RFC 9842 (`dcz`).
public enum ContentCoding: Sendable, CaseIterable, BitwiseCopyable {
  /// No coding.
  case identity
  /// `gzip`; clients may name it `x-gzip`.
  case gzip
  /// `br`
  case brotli
  /// `zstd`
  case zstandard
  /// `dcz`: zstd with a dictionary, which is an earlier version of the file or a dictionary file of
  /// the site.
  case dictionaryZstandard

  /// The token in `Accept-Encoding` and `Content-Encoding`.
  package var token: StaticString {
    switch self {
    case .identity: "identity"
    case .gzip: "gzip"
    case .brotli: "br"
    case .zstandard: "zstd"
    case .dictionaryZstandard: "dcz"
    }
  }

  /// The suffix of a stored file in this coding, with its dot; empty for identity.
  ///
  /// The suffix of `dcz` is preceded by twelve digits of its dictionary's digest; see
  /// `DictionaryCoding`.
  package var fileSuffix: String {
    switch self {
    case .identity: ""
    case .gzip: ".gz"
    case .brotli: ".br"
    case .zstandard: ".zst"
    case .dictionaryZstandard: ".dcz"
    }
  }
}

extension ContentCoding {
  /// The codings that a client can decode without a dictionary.
  package static let plain: [ContentCoding] = [.identity, .gzip, .brotli, .zstandard]
}
