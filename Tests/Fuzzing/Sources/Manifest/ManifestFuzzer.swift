import FuzzSupport

@testable import StaticAssets
@testable import StaticCollector

/// Both manifests of a root: a text is read or refused as a naive reading has it, with the same
/// names, and what the collector writes is read back.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    let text = bytes.array
    let document = NaiveJSON.read(text)
    let names = (try? DjangoManifest(text))?.hashedNames
    check(names == document?.hashedNames, "Django's: \(names as Any)")
    let files = (try? CollectedManifest(text))?.files.mapValues(NaiveFile.init)
    check(files == document?.files, "ours: \(files as Any)")
    checkWritten(text)
  }
}

/// Any bytes may be a name.
private func checkWritten(_ name: [UInt8]) {
  var text = JSONText()
  text.add(string: name)
  check(text.bytes.allSatisfy { (0x20...0x7E).contains($0) }, "not of ASCII alone")
  var reader = JSONReader(text.bytes)
  let read = try? reader.string()
  let isWhole = (try? reader.end()) != nil
  check(isWhole && read == name, "read back as \(read as Any)")
}

/// What `staticd.json` says of one file.
private struct NaiveFile: Equatable {
  var byteCount: Int64 = -1
  var sha256: [UInt8] = []
  var contentType: [UInt8] = []
  var cacheControl: [UInt8] = []
  var codings: [FilePath: Int64] = [:]

  init(_ file: CollectedManifest.File) {
    byteCount = file.byteCount
    sha256 = file.sha256
    contentType = file.contentType
    cacheControl = file.cacheControl
    codings = file.codings
  }

  /// Nil when a value is not of the kind it has to be.
  init?(_ members: [(key: [UInt8], value: NaiveJSON)]) {
    for (key, value) in members {
      switch (String(decoding: key, as: UTF8.self), value) {
      case ("bytes", .number(let text)):
        guard let number = Int64(text) else { return nil }
        byteCount = number
      case ("sha256", .string(let text)): sha256 = text
      case ("type", .string(let text)): contentType = text
      case ("cacheControl", .string(let text)): cacheControl = text
      case ("codings", .array(let elements)):
        for element in elements {
          guard let (name, byteCount) = Self.coding(element) else { return nil }
          codings[name] = byteCount
        }
      case ("bytes", _), ("sha256", _), ("type", _), ("cacheControl", _), ("codings", _): return nil
      default:
        guard value.canBeSkipped else { return nil }
      }
    }
  }

  private static func coding(_ element: NaiveJSON) -> (FilePath, Int64)? {
    guard case .object(let members) = element else { return nil }
    var coding: (name: [UInt8], byteCount: Int64) = ([], -1)
    for (key, value) in members {
      switch (String(decoding: key, as: UTF8.self), value) {
      case ("file", .string(let name)): coding.name = name
      case ("bytes", .number(let text)):
        guard let number = Int64(text) else { return nil }
        coding.byteCount = number
      case ("file", _), ("bytes", _): return nil
      default:
        guard value.canBeSkipped else { return nil }
      }
    }
    return (FilePath(coding.name), coding.byteCount)
  }
}

extension NaiveJSON {
  /// Whether the value is not nested too deep for a reader to step over.
  fileprivate var canBeSkipped: Bool { depth <= 64 }

  /// The members of the objects that the document has as `name`; nil when it has something else.
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

  fileprivate var hashedNames: Set<FilePath>? {
    guard let members = members(of: "paths") else { return nil }
    var names: Set<FilePath> = []
    for (_, value) in members {
      guard case .string(let name) = value else { return nil }
      names.insert(FilePath(name))
    }
    return names
  }

  fileprivate var files: [FilePath: NaiveFile]? {
    guard let members = members(of: "files") else { return nil }
    var files: [FilePath: NaiveFile] = [:]
    for (name, value) in members {
      guard case .object(let members) = value, let file = NaiveFile(members) else { return nil }
      files[FilePath(name)] = file
    }
    return files
  }
}
