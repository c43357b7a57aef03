internal import StaticAssets

/// The text of `staticfiles.json`, byte for byte as Django 6.1 writes it.
///
/// Source: `ManifestFilesMixin.save_manifest`: sorted by code point, with the hash of the list.
enum DjangoManifestText {
  /// - Parameter paths: pairs of a collected and its published name.
  static func of(_ paths: [(name: FilePath, published: FilePath)]) -> [UInt8] {
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
    text.add("}, \"version\": \"1.1\", \"hash\": ")
    text.add(string: Array(ContentDigests.md5(list.bytes).prefix(12)))
    text.add("}")
    return text.bytes
  }
}

/// The text of `staticd.json`: what a server needs to know of each file without reading it.
enum CollectedManifestText {
  /// One published file.
  struct File {
    /// Where it is, below the root.
    let name: FilePath
    /// The collected file that it stands for.
    let original: FilePath
    let byteCount: Int
    let digests: ContentDigests
    let isHashed: Bool
    let codings: [Coding]
  }

  /// One stored coding of a file.
  struct Coding {
    let coding: ContentCoding
    let file: FilePath
    let byteCount: Int
    let md5: [UInt8]
  }

  static func of(_ files: [File]) -> [UInt8] {
    let sorted = files.sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    var text = JSONText()
    text.add("{\"version\": 1, \"files\": {")
    for (index, file) in sorted.enumerated() {
      // A line for each file, so that two releases can be compared by diff(1).
      text.add(index > 0 ? ",\n" : "\n")
      add(file, to: &text)
    }
    text.add("\n}}\n")
    return text.bytes
  }

  private static func add(_ file: File, to text: inout JSONText) {
    let type = MediaType.contentType(ofFileNamed: file.name.bytes)
    let policy = file.isHashed ? CachePolicy.immutable : .maxAge(60)
    text.add(string: file.name.bytes)
    text.add(": {\"bytes\": ")
    text.add(file.byteCount)
    text.add(", \"md5\": ")
    text.add(string: file.digests.md5)
    text.add(", \"sha256\": ")
    text.add(string: file.digests.sha256)
    text.add(", \"type\": ")
    text.add(string: Array(type.utf8))
    text.add(", \"cacheControl\": ")
    text.add(string: Array((policy.fieldValue ?? "").utf8))
    text.add(", \"name\": ")
    text.add(string: file.original.bytes)
    text.add(", \"codings\": [")
    for (index, coding) in file.codings.enumerated() {
      if index > 0 { text.add(", ") }
      add(coding, to: &text)
    }
    text.add("]}")
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
    text.add("}")
  }
}
