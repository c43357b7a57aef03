internal import StaticAssets

/// Chooses which files of a release are compressed with which earlier contents.
///
/// The partner of a file in an earlier release is the file of the same name with another content.
/// If no earlier file has its name, because a bundler put a hash into it, the partner is the most
/// similar of the removed files that browsers offer as its dictionary: same directory, same name
/// except for the hash.
struct DeltaPairs: Sendable {
  /// A file and one of its partners.
  struct Pair: Sendable {
    /// The index of the file.
    let file: Int
    let dictionary: CollectedManifestText.File
  }

  /// The limits for finding similar files; beyond them a file has no partner.
  enum Budget {
    /// The candidates that one file is compared with, those of the most similar length first.
    static let candidateCountMax = 32
    /// The total bytes of the contents that are read.
    static let byteCountMax = 256 << 20
    /// The least similarity, from 0 to 1.
    static let similarityMin = 0.1
  }

  private(set) var pairs: [Pair] = []

  /// - Parameters:
  ///   - files: the files of the release, including carried ones.
  ///   - label: the label of the release.
  ///   - isDelta: whether a file may have deltas.
  ///   - history: files of earlier releases.
  ///   - labels: the earlier releases to use, newest first.
  ///   - bytes: the content of a file of an earlier release or of this one; nil if it is missing.
  init(
    _ files: [CollectedManifestText.File],
    of label: [UInt8],
    where isDelta: (CollectedManifestText.File) -> Bool,
    after history: [CollectedManifestText.File],
    labels: [[UInt8]],
    _ bytes: @escaping (CollectedManifestText.File) -> [UInt8]?
  ) {
    let carried = files.filter { $0.release != label }
    let candidates = (history + carried).filter {
      labels.contains($0.release) && Self.isDictionary($0)
    }
    let originals = Set(files.lazy.filter { $0.release == label }.map(\.original))
    let byLabel = Dictionary(grouping: candidates, by: \.release)
    let known = Set(candidates.lazy.map(\.original))
    var similar = SimilarFiles(bytes)
    let indices = files.indices.filter { files[$0].release == label && isDelta(files[$0]) }
    for label in labels {
      let earlier = byLabel[label] ?? []
      let byOriginal = Dictionary(grouping: earlier, by: \.original)
      let gone = Dictionary(
        grouping: earlier.filter { !originals.contains($0.original) },
        by: { SimilarFiles.Kind($0.name) }
      )
      for index in indices {
        let file = files[index]
        if let own = byOriginal[file.original] {
          // A file named by a bundler may have several contents in one release.
          for old in own.sorted(by: { $0.name < $1.name }) where old.isOffered(for: file) {
            add(index, file, old)
          }
        } else if let kind = SimilarFiles.Kind(file.name), let others = gone[kind],
          !known.contains(file.original),
          let old = similar.partner(of: file, among: others)
        {
          add(index, file, old)
        }
      }
    }
  }

  /// Adds the dictionaries whose patterns match the file.
  mutating func add(
    _ index: Int,
    _ file: CollectedManifestText.File,
    _ dictionaries: [CollectedManifestText.File]
  ) {
    let name = PythonCharacters.of(file.name.bytes)
    for dictionary in dictionaries
    where dictionary.original != file.original && Glob(dictionary.pattern).matches(name)
      && dictionary.byteCount <= Zstandard.byteCountMax
    {
      add(index, file, dictionary)
    }
  }

  private mutating func add(
    _ index: Int,
    _ file: CollectedManifestText.File,
    _ old: CollectedManifestText.File
  ) {
    guard old.digests != file.digests else { return }
    pairs.append(Pair(file: index, dictionary: old))
  }

  /// Whether a server offers the file as a dictionary.
  private static func isDictionary(_ file: CollectedManifestText.File) -> Bool {
    file.isHashed && file.byteCount > Int(DictionaryMatch.byteCountMin)
      && file.byteCount <= Zstandard.byteCountMax
      && DictionaryCoding.bytes(ofDigest: file.digests.sha256) != nil
      && (!file.pattern.isEmpty || isOfferedByName(file.name.bytes))
  }

  /// Whether the `Use-As-Dictionary` field that a server sends with this name covers later
  /// contents.
  private static func isOfferedByName(_ name: [UInt8]) -> Bool {
    MediaType.isCompressible(Array(MediaType.contentType(ofFileNamed: name).utf8))
      && DictionaryMatch.pattern(name) != nil
  }
}

extension CollectedManifestText.File {
  /// Whether a browser with this file offers it for a later content of the same name.
  ///
  /// A dictionary of the site is offered only for names that match its pattern, and one for pages
  /// only for navigations.
  fileprivate func isOffered(for file: CollectedManifestText.File) -> Bool {
    guard !pattern.isEmpty else { return true }
    return !pattern.suffix(5).elementsEqual(".html".utf8)
      && Glob(pattern).matches(PythonCharacters.of(file.name.bytes))
  }
}
