package import StaticAssets

/// The text of `staticfiles.json`, byte for byte as Django 6.1 writes it.
///
/// Source: `ManifestFilesMixin.save_manifest`: sorted by code point, with the hash of the list.
struct DjangoManifestText {
  /// The text.
  let bytes: [UInt8]
  /// Django's hash of the list: equal for two releases only if they publish the same files.
  let hash: [UInt8]

  /// - Parameter paths: pairs of a collected name and its published name.
  init(_ paths: [(name: BytePath, published: BytePath)]) {
    let sorted = paths.sorted { PythonCharacters.precedes($0.name.bytes, $1.name.bytes) }
    var list = JSONText()
    list.add("[")
    for (index, path) in sorted.enumerated() {
      list.add(index > 0 ? ", [" : "[")
      list.add(string: path.name.bytes)
      list.add(", ")
      list.add(string: path.published.bytes)
      list.add("]")
    }
    list.add("]")
    var text = JSONText()
    text.add("{\"paths\": {")
    for (index, path) in sorted.enumerated() {
      if index > 0 { text.add(", ") }
      text.add(string: path.name.bytes)
      text.add(": ")
      text.add(string: path.published.bytes)
    }
    hash = Array(ContentDigests.md5(list.bytes).prefix(12))
    text.add("}, \"version\": \"1.1\", \"hash\": ")
    text.add(string: hash)
    text.add("}")
    bytes = text.bytes
  }
}

/// The text of `staticd.json`: what a server needs to know of each file without reading it.
package enum CollectedManifestText {
  /// One published file.
  package struct File: Sendable {
    /// Its path below the root.
    package let name: BytePath
    /// The collected file that it was published from.
    package let original: BytePath
    package let byteCount: Int
    package let digests: ContentDigests
    /// Whether it is a published name in Django's manifest.
    package let isHashed: Bool
    /// The label of the last release that it belongs to.
    package var release: [UInt8] = []
    /// The files that it is a dictionary for, as `SiteDictionary.pattern`; empty for none.
    package var pattern: [UInt8] = []
    package var codings: [Coding]

    /// Whether the name contains the digest of the content, so that it never gets another content.
    var isNamedByContent: Bool {
      // A listed name that differs from its original contains a digest.
      name != original && digests.md5.count == 32 && PosixPath.isPlain(name.bytes)
        && name.bytes.contains(part: digests.md5.prefix(12))
    }

    /// The file with other codings.
    func with(codings: [Coding]) -> File {
      var file = self
      file.codings = codings
      return file
    }
  }

  /// One stored coding of a file.
  package struct Coding: Sendable {
    package let coding: ContentCoding
    package let file: BytePath
    package let byteCount: Int
    package let md5: [UInt8]
    /// The SHA-256 of the dictionary, 64 hexadecimal digits; empty for a coding without one.
    package var dictionary: [UInt8] = []
    /// The earlier file that is the dictionary; nil if it is unknown.
    package var origin: Origin?

    /// A file of an earlier release.
    package struct Origin: Sendable {
      package let name: BytePath
      package let release: [UInt8]
    }
  }

  /// - Parameters:
  ///   - files: in any order.
  ///   - releases: the labels of the releases that they belong to, the current one first.
  ///   - deltas: the number of earlier releases that files have deltas for; 0 for none.
  ///   - serving: what a server would ask a Django project; nil for none.
  ///   - sourceTime: the last modification of the sources, in seconds since 1970; nil if it is
  ///     unknown.
  ///   - jobs: the number of tasks that write the text.
  static func of(
    _ files: [File],
    releases: [[UInt8]],
    deltas: Int,
    serving: ServingRecord?,
    sourceTime: Int64?,
    jobs: Int
  ) async -> [UInt8] {
    let sorted = files.sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    var text = JSONText()
    text.add("{\"version\": 1, \"releases\": [")
    for (index, release) in releases.enumerated() {
      if index > 0 { text.add(", ") }
      text.add(string: release)
    }
    text.add("]")
    if let sourceTime {
      text.add(", \"sourceTime\": ")
      text.add(Int(sourceTime))
    }
    if deltas > 0 {
      text.add(", \"deltas\": ")
      text.add(deltas)
    }
    if let serving {
      text.add(", \"django\": ")
      serving.add(to: &text)
    }
    text.add(", \"files\": {")
    let lines = await concurrentMap(count: sorted.count, jobs: jobs) { line(of: sorted[$0]) }
    for (index, line) in lines.enumerated() {
      // One line for each file, so that two releases can be compared with diff(1).
      text.add(index > 0 ? ",\n" : "\n")
      text.add(line)
    }
    text.add("\n}")
    return ManifestSeal.sealing(text.bytes)
  }

  private static func line(of file: File) -> JSONText {
    var text = JSONText()
    let type = MediaType.contentType(ofFileNamed: file.name.bytes)
    let policy = file.isHashed ? CachePolicy.immutable : .maxAge(.seconds(60))
    text.add(string: file.name.bytes)
    text.add(": {\"bytes\": ")
    text.add(file.byteCount)
    text.add(", \"md5\": ")
    text.add(string: file.digests.md5)
    text.add(", \"sha256\": ")
    text.add(string: file.digests.sha256)
    if !file.digests.integrity.isEmpty {
      text.add(", \"integrity\": ")
      text.add(string: file.digests.integrity)
    }
    text.add(", \"type\": ")
    text.add(string: Array(type.utf8))
    text.add(", \"cacheControl\": ")
    text.add(string: Array((policy.fieldValue ?? "").utf8))
    text.add(", \"name\": ")
    text.add(string: file.original.bytes)
    text.add(", \"release\": ")
    text.add(string: file.release)
    if !file.pattern.isEmpty {
      text.add(", \"dictionaryFor\": ")
      text.add(string: file.pattern)
    }
    text.add(", \"codings\": [")
    for (index, coding) in file.codings.enumerated() {
      if index > 0 { text.add(", ") }
      add(coding, to: &text)
    }
    text.add("]}")
    return text
  }

  private static func add(_ coding: Coding, to text: inout JSONText) {
    text.add("{\"coding\": ")
    text.add(string: Array(coding.coding.token.description.utf8))
    text.add(", \"file\": ")
    text.add(string: coding.file.bytes)
    text.add(", \"bytes\": ")
    text.add(coding.byteCount)
    text.add(", \"md5\": ")
    text.add(string: coding.md5)
    if !coding.dictionary.isEmpty {
      text.add(", \"dictionary\": ")
      text.add(string: coding.dictionary)
    }
    text.add("}")
  }
}
