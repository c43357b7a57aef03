/// Django's `staticfiles.json`, versions 1.0 and 1.1.
///
/// Names are slices of the text: creating a string for each would take longer than all other work.
struct DjangoManifest: ~Copyable, Sendable {
  /// A file name and the published name, which contains a hash of the content.
  private struct Path {
    let name: ByteSlice
    let published: ByteSlice
  }

  private let paths: [Path]
  /// Maps a published name to the index of its path.
  private let index: PathIndex
  private let text: [UInt8]

  /// An empty manifest.
  init() {
    paths = []
    text = []
    index = PathIndex(count: 0) { _ in 0 }
  }

  /// Reads the text of a manifest.
  ///
  /// - Throws: `JSONReader.Malformed` when it is not valid JSON, or `paths` is not an object of
  ///   strings.
  init(_ bytes: [UInt8]) throws(JSONReader.Malformed) {
    var paths: [Path] = []
    var reader = JSONReader(bytes)
    try reader.members { (reader, key) throws(JSONReader.Malformed) in
      guard reader.equals(key, "paths") else { return try reader.skipValue() }
      try reader.members { (reader, name) throws(JSONReader.Malformed) in
        paths.append(Path(name: name, published: try reader.slice()))
      }
    }
    try reader.end()
    text = reader.bytes
    self.paths = paths
    index = PathIndex(count: paths.count) { [text] in
      PathHash.of(text.span, paths[$0].published.range)
    }
  }

  /// Whether the name in `range` of `bytes` is a published name, which contains a hash.
  func isHashed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let found = index.find(bytes, range) { text.equals(paths[$0].published, bytes, range) }
    return found != nil
  }

  /// An index that maps a file name to the index of its path.
  func indexOfNames() -> PathIndex {
    PathIndex(count: paths.count) { PathHash.of(text.span, paths[$0].name.range) }
  }

  /// The published name of the file `name`; nil when the manifest does not list it.
  ///
  /// - Parameters:
  ///   - name: the file name below the root.
  ///   - names: the result of `indexOfNames`.
  func published(_ name: [UInt8], _ names: borrowing PathIndex) -> [UInt8]? {
    let found = names.find(name.span, 0..<name.count) {
      text.equals(paths[$0].name, name.span, 0..<name.count)
    }
    return found.map { Array(text[paths[$0].published.range]) }
  }
}
