internal import StaticAssets
internal import StaticCollector

/// What earlier runs have published below a prefix: an object of staticd's own, written last.
///
/// It records what a list does not show: the fields of the objects, and the release that each
/// belongs to. Only objects in it are ever removed.
struct RemoteManifest: Equatable, Sendable {
  static let name = BytePath(".staticd-publish.json")

  /// One object, as it was sent.
  struct Object: Equatable, Sendable {
    var byteCount = 0
    /// In lower-case hexadecimal.
    var md5: [UInt8] = []
    /// The digest of its fields.
    var fields: [UInt8] = []
    /// The label of the last release that it belongs to.
    var release: [UInt8] = []
    /// The entity tag from the store; empty if it is the MD5.
    var entityTag: [UInt8] = []
  }

  /// The labels of the releases, the current one first.
  var releases: [[UInt8]] = []
  var objects: [BytePath: Object] = [:]
  /// Objects that the run which wrote this was about to remove, and may not have removed.
  var leaving: Set<BytePath> = []

  init() {}

  /// Parses a manifest; nil if it is not whole, or of another version.
  init?(_ text: [UInt8]) {
    guard ManifestSeal.isWhole(text) else { return nil }
    var reader = JSONReader(text)
    var version: Int64 = 0
    do throws(JSONReader.Malformed) {
      try reader.object { (reader, key) throws(JSONReader.Malformed) in
        switch String(decoding: key, as: UTF8.self) {
        case "version": version = try reader.integer()
        case "releases":
          try reader.array { (reader) throws(JSONReader.Malformed) in
            releases.append(try reader.string())
          }
        case "leaving":
          try reader.array { (reader) throws(JSONReader.Malformed) in
            leaving.insert(BytePath(try reader.string()))
          }
        case "objects":
          try reader.object { (reader, name) throws(JSONReader.Malformed) in
            objects[BytePath(name)] = try Object(&reader)
          }
        default: try reader.skipValue()
        }
      }
      try reader.end()
    } catch {
      return nil
    }
    guard version == 1 else { return nil }
  }

  /// The text, with one line per object, in the order of names.
  var text: [UInt8] {
    var text = JSONText()
    text.add("{\"version\": 1, \"releases\": [")
    add(releases, to: &text)
    text.add("], \"leaving\": [")
    add(leaving.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }, to: &text)
    text.add("], \"objects\": {")
    let sorted = objects.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
    for (index, (name, object)) in sorted.enumerated() {
      text.add(index > 0 ? ",\n" : "\n")
      text.add(string: name.bytes)
      text.add(": ")
      object.add(to: &text)
    }
    text.add("\n}")
    return ManifestSeal.sealing(text.bytes)
  }

  private func add(_ strings: [[UInt8]], to text: inout JSONText) {
    for (index, string) in strings.enumerated() {
      if index > 0 { text.add(", ") }
      text.add(string: string)
    }
  }
}

extension RemoteManifest.Object {
  fileprivate init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
    self.init()
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "bytes": byteCount = Int(try reader.integer())
      case "md5": md5 = try reader.string()
      case "fields": fields = try reader.string()
      case "release": release = try reader.string()
      case "etag": entityTag = try reader.string()
      default: try reader.skipValue()
      }
    }
  }

  fileprivate func add(to text: inout JSONText) {
    text.add("{\"bytes\": ")
    text.add(byteCount)
    text.add(", \"md5\": ")
    text.add(string: md5)
    text.add(", \"fields\": ")
    text.add(string: fields)
    text.add(", \"release\": ")
    text.add(string: release)
    if !entityTag.isEmpty {
      text.add(", \"etag\": ")
      text.add(string: entityTag)
    }
    text.add("}")
  }
}
