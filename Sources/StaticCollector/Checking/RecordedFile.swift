internal import StaticAssets

/// What the manifests of a root say, apart from each other.
struct RecordedRoot {
  /// Django's pairs, in the manifest's order; nil when there is no such manifest.
  private(set) var paths: [(name: FilePath, published: FilePath)]?
  /// The hash of the pairs; empty when there is none.
  private(set) var hash: [UInt8] = []
  /// Our files; nil when there is no such manifest.
  private(set) var files: [FilePath: RecordedFile]?
  /// What is wrong with the manifests themselves.
  private(set) var problems: [RootProblem] = []

  /// Reads both manifests.
  init(_ directory: borrowing Directory) throws(FileError) {
    if let bytes = try Self.read(ManifestName.django, directory) {
      do throws(JSONReader.Malformed) {
        try readDjango(bytes)
      } catch {
        report(ManifestName.django, error)
      }
    }
    if let bytes = try Self.read(ManifestName.collected, directory) {
      do throws(JSONReader.Malformed) {
        files = try RecordedFile.all(bytes)
      } catch {
        report(ManifestName.collected, error)
      }
    }
  }

  private static func read(
    _ name: FilePath,
    _ directory: borrowing Directory
  ) throws(FileError) -> [UInt8]? {
    guard let status = try directory.status(of: name), !status.isDirectory else { return nil }
    let file = try Descriptor.open(name, in: directory.number, flags: FileFlags.read)
    return try file.readAll(path: directory.path.appending(name))
  }

  private mutating func report(_ name: FilePath, _ error: JSONReader.Malformed) {
    problems.append(
      RootProblem(file: name, text: "this is no manifest: wrong at byte \(error.offset)")
    )
  }

  private mutating func readDjango(_ bytes: [UInt8]) throws(JSONReader.Malformed) {
    var reader = JSONReader(bytes)
    var pairs: [(name: FilePath, published: FilePath)] = []
    var version: [UInt8] = []
    var hash: [UInt8] = []
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "paths":
        try reader.object { (reader, name) throws(JSONReader.Malformed) in
          pairs.append((FilePath(name), FilePath(try reader.string())))
        }
      case "version": version = try reader.string()
      case "hash": hash = try reader.string()
      default: try reader.skipValue()
      }
    }
    try reader.end()
    paths = pairs
    self.hash = hash
    if !["1.0", "1.1"].contains(String(decoding: version, as: UTF8.self)) {
      problems.append(RootProblem(file: ManifestName.django, text: "its version is not Django's"))
    }
  }
}

/// One file in `staticd.json`.
struct RecordedFile {
  private(set) var byteCount: Int64 = -1
  private(set) var md5: [UInt8] = []
  private(set) var sha256: [UInt8] = []
  /// The collected file that it stands for.
  private(set) var original = FilePath("")
  private(set) var cacheControl: [UInt8] = []
  private(set) var codings: [Coding] = []

  /// One stored coding of a file.
  struct Coding {
    var token: [UInt8] = []
    var file = FilePath("")
    var byteCount: Int64 = -1
    var md5: [UInt8] = []
  }

  /// The files of a manifest's text.
  static func all(_ bytes: [UInt8]) throws(JSONReader.Malformed) -> [FilePath: RecordedFile] {
    var reader = JSONReader(bytes)
    var files: [FilePath: RecordedFile] = [:]
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      guard key == Array("files".utf8) else { return try reader.skipValue() }
      try reader.object { (reader, name) throws(JSONReader.Malformed) in
        files[FilePath(name)] = try RecordedFile(&reader)
      }
    }
    try reader.end()
    return files
  }

  private init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
    var file = self
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "bytes": file.byteCount = try reader.integer()
      case "md5": file.md5 = try reader.string()
      case "sha256": file.sha256 = try reader.string()
      case "name": file.original = FilePath(try reader.string())
      case "cacheControl": file.cacheControl = try reader.string()
      case "codings":
        try reader.array { (reader) throws(JSONReader.Malformed) in
          file.codings.append(try Self.coding(&reader))
        }
      default: try reader.skipValue()
      }
    }
    self = file
  }

  private static func coding(_ reader: inout JSONReader) throws(JSONReader.Malformed) -> Coding {
    var coding = Coding()
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "coding": coding.token = try reader.string()
      case "file": coding.file = FilePath(try reader.string())
      case "bytes": coding.byteCount = try reader.integer()
      case "md5": coding.md5 = try reader.string()
      default: try reader.skipValue()
      }
    }
    return coding
  }
}
