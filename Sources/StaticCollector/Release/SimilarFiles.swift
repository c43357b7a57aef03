internal import StaticAssets

/// Finds the earlier content of a file whose name has changed.
struct SimilarFiles {
  /// The part of the name that such files have in common.
  struct Kind: Hashable {
    private let directory: BytePath
    private let parts: [[UInt8]]

    /// Nil for a name without a hash.
    init?(_ name: BytePath) {
      guard let parts = DictionaryMatch.stableParts(name.lastComponent.bytes[...]) else {
        return nil
      }
      directory = name.parent
      self.parts = parts
    }
  }

  private let bytes: (CollectedManifestText.File) -> [UInt8]?
  private var sketches: [BytePath: ContentSketch] = [:]
  private var byteCount = 0

  /// - Parameter bytes: the content of a file; nil if it is missing.
  init(_ bytes: @escaping (CollectedManifestText.File) -> [UInt8]?) {
    self.bytes = bytes
  }

  /// The most similar of `others`, which have the same kind as `file`; nil if none is similar or
  /// the budget is used up.
  mutating func partner(
    of file: CollectedManifestText.File,
    among others: [CollectedManifestText.File]
  ) -> CollectedManifestText.File? {
    let candidates = others.filter { Self.isComparable($0.byteCount, file.byteCount) }
    // A single candidate is not compared: the length of the delta shows whether it is similar.
    guard candidates.count > 1 else { return candidates.first }
    let nearest = candidates.sorted { first, second in
      let (left, right) = (distance(first, file), distance(second, file))
      return left == right ? first.name < second.name : left < right
    }
    guard let own = sketch(of: file) else { return nil }
    var best: (file: CollectedManifestText.File, similarity: Double)?
    for other in nearest.prefix(DeltaPairs.Budget.candidateCountMax) {
      guard let sketch = sketch(of: other) else { continue }
      let similarity = own.similarity(to: sketch)
      if similarity > best?.similarity ?? DeltaPairs.Budget.similarityMin {
        best = (other, similarity)
      }
    }
    return best?.file
  }

  private static func isComparable(_ first: Int, _ second: Int) -> Bool {
    first <= 2 * second && second <= 2 * first
  }

  private func distance(
    _ first: CollectedManifestText.File,
    _ second: CollectedManifestText.File
  ) -> Int {
    abs(first.byteCount - second.byteCount)
  }

  private mutating func sketch(of file: CollectedManifestText.File) -> ContentSketch? {
    if let known = sketches[file.name] { return known }
    guard byteCount + file.byteCount <= DeltaPairs.Budget.byteCountMax, let content = bytes(file)
    else { return nil }
    byteCount += file.byteCount
    let sketch = ContentSketch(content)
    sketches[file.name] = sketch
    return sketch
  }
}
