internal import Glibc

/// The names of the manifests in a collected root.
package enum ManifestName {
  /// Django's manifest: maps file names to published names.
  package static let django = FilePath("staticfiles.json")
  /// staticd's manifest: size, digest, media type and codings of every published file.
  package static let collected = FilePath("staticd.json")

  static let all = [django, collected]
}

/// Django's `staticfiles.json`, versions 1.0 and 1.1.
///
/// Names are slices of the text: a string for each would take longer than everything else.
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
  /// - Throws: `JSONReader.Malformed` when it is not valid JSON, or `paths` is no object of
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

/// `staticd.json`: size, digest and codings of every collected file.
struct CollectedManifest: ~Copyable, Sendable {
  /// One file of the root; the slices refer to the manifest's text.
  struct File {
    var name = ByteSlice.none
    var byteCount: Int64 = -1
    /// The SHA-256 of the content in lower-case hexadecimal; empty when it is missing.
    var sha256 = ByteSlice.none
    var contentType = ByteSlice.none
    /// The value of the `integrity` attribute in HTML; empty when it is missing.
    var integrity = ByteSlice.none
    /// Whether the name contains a hash of the content, in this release or an older one.
    ///
    /// Django's manifest lists this release only, but pages of older releases are still in use.
    var isImmutable = false
    /// The range of the file's codings in the manifest's `codings`.
    var codings = 0..<0
  }

  /// One stored coding of a file.
  struct Coding {
    var name = ByteSlice.none
    var byteCount: Int64 = -1
  }

  let files: [File]
  let text: [UInt8]
  private let codings: [Coding]
  private let index: PathIndex

  /// An empty manifest.
  init() {
    files = []
    text = []
    codings = []
    index = PathIndex(count: 0) { _ in 0 }
  }

  /// Reads the text of a manifest.
  ///
  /// - Throws: `JSONReader.Malformed` when it is not valid JSON, or a value has an unexpected type.
  init(_ bytes: [UInt8]) throws(JSONReader.Malformed) {
    var files: [File] = []
    var codings: [Coding] = []
    var reader = JSONReader(bytes)
    try reader.members { (reader, key) throws(JSONReader.Malformed) in
      guard reader.equals(key, "files") else { return try reader.skipValue() }
      try reader.members { (reader, name) throws(JSONReader.Malformed) in
        var file = try Self.file(&reader, &codings)
        file.name = name
        files.append(file)
      }
    }
    try reader.end()
    text = reader.bytes
    index = PathIndex(count: files.count) { [text] in PathHash.of(text.span, files[$0].name.range) }
    self.files = files
    self.codings = codings
  }

  /// The index of the file whose name is in `range` of `bytes`; nil when it is not listed.
  func find(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    index.find(bytes, range) { text.equals(files[$0].name, bytes, range) }
  }

  /// The `integrity` value of the file `name`; nil when the manifest has none.
  func integrity(_ name: [UInt8]) -> String? {
    guard let number = find(name.span, 0..<name.count) else { return nil }
    let value = files[number].integrity
    return value.isEmpty ? nil : String(decoding: text[value.range], as: UTF8.self)
  }

  /// The recorded size of the coding of `file` whose name is in `range` of `bytes`; nil when it is
  /// not listed.
  func byteCount(of file: File, coding bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    for coding in codings[file.codings] where text.equals(coding.name, bytes, range) {
      return coding.byteCount
    }
    return nil
  }

  private static func file(
    _ reader: inout JSONReader,
    _ codings: inout [Coding]
  ) throws(JSONReader.Malformed) -> File {
    var file = File()
    try reader.members { (reader, key) throws(JSONReader.Malformed) in
      if reader.equals(key, "bytes") {
        file.byteCount = try reader.integer()
      } else if reader.equals(key, "sha256") {
        file.sha256 = try reader.slice()
      } else if reader.equals(key, "type") {
        file.contentType = try reader.slice()
      } else if reader.equals(key, "integrity") {
        file.integrity = try reader.slice()
      } else if reader.equals(key, "cacheControl") {
        file.isImmutable = reader.equals(try reader.slice(), CachePolicy.immutableFieldValue)
      } else if reader.equals(key, "codings") {
        let first = codings.count
        try reader.array { (reader) throws(JSONReader.Malformed) in
          codings.append(try coding(&reader))
        }
        file.codings = first..<codings.count
      } else {
        try reader.skipValue()
      }
    }
    return file
  }

  private static func coding(_ reader: inout JSONReader) throws(JSONReader.Malformed) -> Coding {
    var coding = Coding()
    try reader.members { (reader, key) throws(JSONReader.Malformed) in
      if reader.equals(key, "file") {
        coding.name = try reader.slice()
      } else if reader.equals(key, "bytes") {
        coding.byteCount = try reader.integer()
      } else {
        try reader.skipValue()
      }
    }
    return coding
  }
}

/// The two manifests of a root; a missing one is empty.
final class RootManifests: Sendable {
  let django: DjangoManifest
  let collected: CollectedManifest

  /// Two empty manifests.
  init() {
    django = DjangoManifest()
    collected = CollectedManifest()
  }

  /// Reads the manifests of `root`.
  ///
  /// - Throws: `AssetError` when a manifest exists and cannot be read or is malformed.
  init(root: FilePath, _ directory: borrowing Descriptor) throws(AssetError) {
    let django = try DjangoManifest.read(root, directory)
    let collected = try CollectedManifest.read(root, directory)
    self.django = django
    self.collected = collected
  }

  /// The bytes of the manifest `name`; nil when the file does not exist.
  fileprivate static func read(
    _ name: FilePath,
    _ root: FilePath,
    _ directory: borrowing Descriptor
  ) throws(AssetError) -> [UInt8]? {
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try Descriptor.open(name, in: directory.number, flags: FileFlags.read)
      bytes = try file.readAll(path: root.appending(name))
    } catch {
      guard error.code == ENOENT else { throw .unreadable(error) }
      return nil
    }
    // Slices cannot address more. 4 GiB are a manifest of millions of files.
    guard bytes.count < UInt32.max else { throw .tooLarge(root: root.description) }
    return bytes
  }

  fileprivate static func malformed(
    _ name: FilePath,
    _ root: FilePath,
    _ error: JSONReader.Malformed
  ) -> AssetError {
    .malformedManifest(path: root.appending(name).description, offset: error.offset)
  }
}

extension DjangoManifest {
  fileprivate static func read(
    _ root: FilePath,
    _ directory: borrowing Descriptor
  ) throws(AssetError) -> DjangoManifest {
    guard let bytes = try RootManifests.read(ManifestName.django, root, directory) else {
      return Self()
    }
    do throws(JSONReader.Malformed) {
      return try DjangoManifest(bytes)
    } catch {
      throw RootManifests.malformed(ManifestName.django, root, error)
    }
  }
}

extension CollectedManifest {
  fileprivate static func read(
    _ root: FilePath,
    _ directory: borrowing Descriptor
  ) throws(AssetError) -> CollectedManifest {
    guard let bytes = try RootManifests.read(ManifestName.collected, root, directory) else {
      return Self()
    }
    do throws(JSONReader.Malformed) {
      return try CollectedManifest(bytes)
    } catch {
      throw RootManifests.malformed(ManifestName.collected, root, error)
    }
  }
}

extension [UInt8] {
  /// Whether the bytes of `slice` equal those of `range` in `bytes`.
  ///
  /// Unsafe: both ranges are checked before memcmp(3).
  func equals(_ slice: ByteSlice, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard slice.range.count == range.count else { return false }
    precondition(slice.range.upperBound <= count && range.upperBound <= bytes.count)
    return unsafe withUnsafeBytes { own in
      unsafe bytes.withUnsafeBytes { other in
        guard let first = own.baseAddress, let second = other.baseAddress else { return true }
        return unsafe memcmp(
          first + slice.range.lowerBound,
          second + range.lowerBound,
          range.count
        ) == 0
      }
    }
  }
}
