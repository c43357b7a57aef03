internal import StaticAssets

/// Which files are compressed, and which results are kept.
///
/// Source: `whitenoise.compress.Compressor` 6.12.
struct CompressionPolicy: Sendable {
  /// The codings to make, brotli first.
  let codings: [ContentCoding]

  /// Endings of names, in lower case and with their dots, that are not compressed.
  private let skippedSuffixes: [String]

  /// WhiteNoise's list: formats that are compressed already.
  private static let skippedExtensions = [
    "jpg", "jpeg", "png", "gif", "webp",
    "zip", "gz", "tgz", "bz2", "tbz", "xz", "br",
    "swf", "flv", "woff", "woff2",
    "3gp", "3gpp", "asf", "avi", "m4v", "mov", "mp4", "mpeg", "mpg", "webm", "wmv",
  ]

  /// - Parameter skippedExtensions: endings that are not compressed; nil for WhiteNoise's.
  init(codings: [ContentCoding], skippedExtensions: [String]? = nil) {
    self.codings = ContentCoding.preference.filter(codings.contains)
    skippedSuffixes = (skippedExtensions ?? Self.skippedExtensions).map {
      ".\($0.drop { $0 == "." })".lowercased()
    }
  }

  /// Whether the file called `name` is compressed at all.
  func compresses(_ name: FilePath) -> Bool {
    guard !codings.isEmpty else { return false }
    let text = name.lastComponent.description.lowercased()
    return !skippedSuffixes.contains { text.hasSuffix($0) }
  }

  /// The codings of `bytes` that are worth keeping: at most 95 % of them.
  ///
  /// Where brotli does not help, gzip is not tried.
  func compress(_ bytes: [UInt8]) -> [(coding: ContentCoding, bytes: [UInt8])] {
    var results: [(coding: ContentCoding, bytes: [UInt8])] = []
    for coding in codings {
      let compressed: [UInt8]
      switch coding {
      case .brotli: compressed = Brotli.compress(bytes)
      case .gzip where bytes.count <= Gzip.byteCountMax: compressed = Gzip.compress(bytes)
      case .gzip, .identity, .zstandard: continue
      }
      guard isEffective(compressed.count, of: bytes.count) else {
        if coding == .brotli { break }
        continue
      }
      results.append((coding, compressed))
    }
    return results
  }

  /// Whether a result is at most 95 % of the original.
  private func isEffective(_ count: Int, of original: Int) -> Bool {
    original > 0 && count * 100 <= original * 95
  }
}

extension ContentCoding {
  /// The codings that can be made, in the order in which they are tried.
  static let preference: [ContentCoding] = [.brotli, .gzip]
}
