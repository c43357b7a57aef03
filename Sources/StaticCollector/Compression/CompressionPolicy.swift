internal import StaticAssets

/// Decides which files are compressed, and which results are kept.
///
/// Source: `whitenoise.compress.Compressor` 6.12.
struct CompressionPolicy: Sendable {
  /// The codings to create, brotli first.
  let codings: [ContentCoding]

  /// Name suffixes, in lower case and with their dots, that are not compressed.
  private let skippedSuffixes: [String]

  /// WhiteNoise's list of formats that are compressed already.
  private static let skippedExtensions = [
    "jpg", "jpeg", "png", "gif", "webp",
    "zip", "gz", "tgz", "bz2", "tbz", "xz", "br",
    "swf", "flv", "woff", "woff2",
    "3gp", "3gpp", "asf", "avi", "m4v", "mov", "mp4", "mpeg", "mpg", "webm", "wmv",
  ]

  private let budget: CompressionBudget

  /// - Parameters:
  ///   - skippedExtensions: suffixes that are not compressed; nil for WhiteNoise's.
  ///   - memory: the bytes that encoders may use; nil for the default.
  init(codings: [ContentCoding], skippedExtensions: [String]? = nil, memory: Int?) {
    budget = CompressionBudget(byteCount: memory ?? CompressionBudget.standardByteCount)
    self.codings = ContentCoding.preference.filter(codings.contains)
    skippedSuffixes = (skippedExtensions ?? Self.skippedExtensions).map {
      ".\($0.drop { $0 == "." })".lowercased()
    }
  }

  /// Whether the file called `name` is compressed.
  func compresses(_ name: BytePath) -> Bool {
    !codings.isEmpty && !skips(name)
  }

  /// Whether the format of the file called `name` is compressed already.
  func skips(_ name: BytePath) -> Bool {
    let text = name.lastComponent.description.lowercased()
    return skippedSuffixes.contains { text.hasSuffix($0) }
  }

  /// Calls `body` when there is memory to encode a delta; blocks until then.
  ///
  /// - Parameters:
  ///   - byteCount: the length of the content.
  ///   - dictionaryByteCount: the length of the dictionary.
  func encodingDelta<Result>(
    _ byteCount: Int,
    from dictionaryByteCount: Int,
    _ body: () throws -> Result
  ) rethrows -> Result {
    let estimate = CompressionBudget.estimate(byteCount, dictionary: dictionaryByteCount)
    return try budget.holding(estimate, body)
  }

  /// A coding of a content.
  struct Variant: Sendable {
    let coding: ContentCoding
    let bytes: [UInt8]
    /// The MD5 of `bytes`, in hexadecimal digits.
    let md5: [UInt8]
  }

  /// The codings of a content that are worth keeping: at most 95 % of its length.
  ///
  /// If brotli is not worth keeping, gzip is not tried.
  ///
  /// - Parameters:
  ///   - known: results of earlier runs.
  ///   - bytes: returns the content; called only if something must be compressed.
  /// - Returns: the codings, and every result, including those that are not worth keeping.
  func compress(
    byteCount: Int,
    known: [CompressionCache.Result] = [],
    _ bytes: () throws -> [UInt8]
  ) rethrows -> (variants: [Variant], results: [CompressionCache.Result]) {
    var variants: [Variant] = []
    var results: [CompressionCache.Result] = []
    for coding in codings {
      guard let encoder = Self.encoder(coding, byteCount) else { continue }
      let result: CompressionCache.Result
      if let earlier = known.first(where: { $0.encoder == encoder.name }) {
        result = earlier
      } else {
        let compressed = try budget.encoding(byteCount) { encoder.run(try bytes()) }
        let kept = isEffective(compressed.count, of: byteCount) ? compressed : nil
        result = CompressionCache.Result(
          encoder: encoder.name,
          bytes: kept,
          md5: kept.map(ContentDigests.md5) ?? []
        )
      }
      results.append(result)
      if let bytes = result.bytes {
        variants.append(Variant(coding: coding, bytes: bytes, md5: result.md5))
      } else if coding == .brotli {
        break
      }
    }
    return (variants, results)
  }

  /// The encoder for `coding` of a content of this size; nil if there is none.
  private static func encoder(
    _ coding: ContentCoding,
    _ byteCount: Int
  ) -> (name: [UInt8], run: ([UInt8]) -> [UInt8])? {
    switch coding {
    case .brotli: (Brotli.encoder, Brotli.compress)
    case .gzip where byteCount <= Gzip.byteCountMax: (Gzip.encoder, Gzip.compress)
    case .gzip, .identity, .zstandard, .dictionaryZstandard: nil
    }
  }

  /// Whether a result is at most 95 % of the original.
  private func isEffective(_ count: Int, of original: Int) -> Bool {
    original > 0 && count * 100 <= original * 95
  }
}

extension ContentCoding {
  /// The codings that need no dictionary, in the order in which they are tried.
  ///
  /// Deltas are created after these.
  static let preference: [ContentCoding] = [.brotli, .gzip]

  /// The codings that files of a release may have.
  static let made: [ContentCoding] = preference + [.dictionaryZstandard]
}
