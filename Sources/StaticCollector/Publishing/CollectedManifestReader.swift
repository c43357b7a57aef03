package import StaticAssets

/// Reads what `CollectedManifestText` wrote in an earlier run.
package struct CollectedManifestReader {
  package private(set) var version: Int64 = 0
  package private(set) var releases: [[UInt8]] = []
  package private(set) var files: [CollectedManifestText.File] = []
  /// Further members of each of `files`, in the same order.
  package private(set) var fields: [Fields] = []

  /// Members that follow from a file's name and content; only a check reads them.
  package struct Fields: Sendable {
    package var type: [UInt8] = []
    var cacheControl: [UInt8] = []
    /// Whether every coding belongs to this file, has the right token, and is listed once.
    var hasOwnCodings = true
  }

  private static let immutable = Array((CachePolicy.immutable.fieldValue ?? "").utf8)

  /// Reads the text of `staticd.json`; unknown keys are skipped.
  package init(_ bytes: [UInt8]) throws(JSONReader.Malformed) {
    var reader = JSONReader(bytes)
    var releases: [[UInt8]] = []
    var files: [CollectedManifestText.File] = []
    var fields: [Fields] = []
    var version: Int64 = 0
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "version": version = try reader.integer()
      case "releases":
        try reader.array { (reader) throws(JSONReader.Malformed) in
          releases.append(try reader.string())
        }
      case "files":
        try reader.object { (reader, name) throws(JSONReader.Malformed) in
          var own = Fields()
          files.append(try Self.file(BytePath(name), &reader, &own))
          fields.append(own)
        }
      default: try reader.skipValue()
      }
    }
    try reader.end()
    self.version = version
    self.releases = releases
    self.files = files
    self.fields = fields
  }

  private static func file(
    _ name: BytePath,
    _ reader: inout JSONReader,
    _ fields: inout Fields
  ) throws(JSONReader.Malformed) -> CollectedManifestText.File {
    var texts: [String: [UInt8]] = [:]
    var byteCount = 0
    var codings: [CollectedManifestText.Coding] = []
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      let key = String(decoding: key, as: UTF8.self)
      switch key {
      case "bytes": byteCount = Int(truncatingIfNeeded: try reader.integer())
      case "md5", "sha256", "integrity", "type", "name", "release", "cacheControl",
        "dictionaryFor":
        texts[key] = try reader.string()
      case "codings":
        try reader.array { (reader) throws(JSONReader.Malformed) in
          guard let (coding, token) = try Self.coding(of: name, &reader),
            !codings.contains(where: { $0.file == coding.file })
          else {
            fields.hasOwnCodings = false
            return
          }
          if !token.elementsEqual(coding.coding.token.description.utf8) {
            fields.hasOwnCodings = false
          }
          codings.append(coding)
        }
      default: try reader.skipValue()
      }
    }
    fields.type = texts["type"] ?? []
    fields.cacheControl = texts["cacheControl"] ?? []
    let digests = ContentDigests(
      md5: texts["md5"] ?? [],
      sha256: texts["sha256"] ?? [],
      integrity: texts["integrity"] ?? []
    )
    return CollectedManifestText.File(
      name: name,
      original: BytePath(texts["name"] ?? []),
      byteCount: byteCount,
      digests: digests,
      isHashed: texts["cacheControl"] == immutable,
      release: texts["release"] ?? [],
      pattern: texts["dictionaryFor"] ?? [],
      codings: codings
    )
  }

  /// A coding of the file `name` and its token; nil for a coding that this program does not make.
  private static func coding(
    of name: BytePath,
    _ reader: inout JSONReader
  ) throws(JSONReader.Malformed) -> (CollectedManifestText.Coding, token: [UInt8])? {
    var token: [UInt8] = []
    var file = BytePath("")
    var byteCount = 0
    var md5: [UInt8] = []
    var dictionary: [UInt8] = []
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "coding": token = try reader.string()
      case "file": file = BytePath(try reader.string())
      case "bytes": byteCount = Int(truncatingIfNeeded: try reader.integer())
      case "md5": md5 = try reader.string()
      case "dictionary": dictionary = try reader.string()
      default: try reader.skipValue()
      }
    }
    let coding =
      dictionary.isEmpty
      ? ContentCoding.preference.first { name.appending(suffix: $0.fileSuffix) == file }
      : delta(of: name, file, dictionary)
    return coding.map {
      let coding = CollectedManifestText.Coding(
        coding: $0,
        file: file,
        byteCount: byteCount,
        md5: md5,
        dictionary: dictionary
      )
      return (coding, token)
    }
  }

  /// The coding of a delta; nil unless its name is the one for this file and this dictionary.
  private static func delta(
    of name: BytePath,
    _ file: BytePath,
    _ dictionary: [UInt8]
  ) -> ContentCoding? {
    guard DictionaryCoding.bytes(ofDigest: dictionary) != nil,
      name.appending(suffix: DictionaryCoding.suffix(ofDictionary: dictionary)) == file
    else { return nil }
    return .dictionaryZstandard
  }
}
