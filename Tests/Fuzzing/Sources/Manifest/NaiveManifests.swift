/// The entry of one file in `staticd.json`.
struct NaiveFile: Equatable {
  /// The entry of one stored coding.
  struct Coding: Equatable {
    var name: [UInt8] = []
    var byteCount: Int64 = -1
  }

  var name: [UInt8]
  var byteCount: Int64 = -1
  var sha256: [UInt8] = []
  var contentType: [UInt8] = []
  var isImmutable = false
  var codings: [Coding] = []
}

extension NaiveFile {
  /// Returns nil if a value has the wrong type.
  init?(name: [UInt8], _ members: [(key: [UInt8], value: NaiveJSON)]) {
    self.init(name: name)
    for (key, value) in members {
      switch (String(decoding: key, as: UTF8.self), value) {
      case ("bytes", .number(let text)):
        guard let number = Int64(text) else { return nil }
        byteCount = number
      case ("sha256", .string(let text)):
        guard text.allSatisfy("0123456789abcdef".utf8.contains) else { return nil }
        sha256 = text
      case ("type", .string(let text)):
        guard text.isFieldText else { return nil }
        contentType = text
      case ("integrity", .string(let text)), ("dictionaryFor", .string(let text)):
        guard text.isFieldText else { return nil }
      case ("release", .string): break
      case ("cacheControl", .string(let text)):
        isImmutable = text == Array("max-age=315360000, public, immutable".utf8)
      case ("codings", .array(let elements)):
        codings = elements.compactMap(Coding.init)
        guard codings.count == elements.count else { return nil }
      case ("bytes", _), ("sha256", _), ("type", _), ("cacheControl", _), ("codings", _),
        ("integrity", _), ("dictionaryFor", _), ("release", _):
        return nil
      default:
        guard value.canBeSkipped else { return nil }
      }
    }
  }
}

extension NaiveFile.Coding {
  /// Returns nil if a value has the wrong type.
  fileprivate init?(_ element: NaiveJSON) {
    guard case .object(let members) = element else { return nil }
    for (key, value) in members {
      switch (String(decoding: key, as: UTF8.self), value) {
      case ("file", .string(let text)): name = text
      case ("bytes", .number(let text)):
        guard let number = Int64(text) else { return nil }
        byteCount = number
      case ("md5", .string), ("dictionary", .string): break
      case ("file", _), ("bytes", _), ("md5", _), ("dictionary", _): return nil
      default:
        guard value.canBeSkipped else { return nil }
      }
    }
  }
}

extension [UInt8] {
  /// Whether it has no control characters.
  fileprivate var isFieldText: Bool { allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}

extension NaiveJSON {
  /// The published names of `staticfiles.json`; nil if the document is not one.
  var hashedNames: [[UInt8]]? {
    guard let members = members(of: "paths") else { return nil }
    var names: [[UInt8]] = []
    for (_, value) in members {
      guard case .string(let name) = value else { return nil }
      names.append(name)
    }
    return names
  }

  /// The files of `staticd.json`; nil if the document is not one.
  var files: [NaiveFile]? {
    guard hasNumbers, let members = members(of: "files") else { return nil }
    var files: [NaiveFile] = []
    for (name, value) in members {
      guard case .object(let members) = value, let file = NaiveFile(name: name, members) else {
        return nil
      }
      files.append(file)
    }
    return files
  }

  /// Whether the number of releases with deltas and the time of the sources are integers or absent.
  private var hasNumbers: Bool {
    guard case .object(let top) = self else { return true }
    return top.allSatisfy { key, value in
      guard ["deltas", "sourceTime"].map({ Array($0.utf8) }).contains(key) else { return true }
      guard case .number(let text) = value else { return false }
      return Int64(text) != nil
    }
  }

  /// Whether the nesting is within the limit for skipped values.
  fileprivate var canBeSkipped: Bool { depth <= 64 }

  /// The members of the objects named `name` in the document; nil if one is not an object.
  private func members(of name: String) -> [(key: [UInt8], value: NaiveJSON)]? {
    guard case .object(let top) = self else { return nil }
    var result: [(key: [UInt8], value: NaiveJSON)] = []
    for (key, value) in top {
      guard key == Array(name.utf8) else {
        guard value.canBeSkipped else { return nil }
        continue
      }
      guard case .object(let members) = value else { return nil }
      result += members
    }
    return result
  }
}
