internal import StaticAssets

/// The output of the program in the project: the project's description or a failure.
struct DjangoAnswer {
  /// An exception of the project, or a reason of this program.
  struct Failure {
    /// The exception's class; `NoDjango` if Django is missing; empty for a reason of this program.
    var kind = ""
    var text = ""
    /// The last frame in the project's own code, as `file:line`.
    var place = ""
    /// Python's traceback.
    var trace = ""
  }

  private(set) var project = DjangoProject()
  private(set) var failure: Failure?
  /// Errors of Django's system checks.
  private(set) var checks: [String] = []

  /// Reads the text of an answer.
  init(_ bytes: [UInt8]) throws(JSONReader.Malformed) {
    var reader = JSONReader(bytes)
    var answer = self
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      try answer.read(String(decoding: key, as: UTF8.self), &reader)
    }
    try reader.end()
    self = answer
  }

  private mutating func read(
    _ key: String,
    _ reader: inout JSONReader
  ) throws(JSONReader.Malformed) {
    switch key {
    case "error": failure = try Self.failure(&reader)
    case "checks": checks = try reader.texts()
    case "django": project.version = try reader.text()
    case "settings": project.settings = try reader.text()
    case "storage": project.storage = try reader.text()
    case "url": project.staticURL = try reader.text()
    case "root":
      let root = BytePath(try reader.string())
      project.root = root.isEmpty ? nil : root
    case "sources":
      try reader.array { (reader) throws(JSONReader.Malformed) in
        project.sources.append(try Self.source(&reader))
      }
    case "serving":
      project.servingOptions = try reader.servingOptions()
    case "servingWarnings": project.servingWarnings = try reader.texts()
    case "madeOf": project.settingsInputs = try SettingsInputs(&reader)
    case "found":
      try reader.array { (reader) throws(JSONReader.Malformed) in
        if let file = try Self.found(&reader) { project.found.append(file) }
      }
    case "data":
      try reader.array { (reader) throws(JSONReader.Malformed) in
        project.data.append(BytePath(try reader.string()))
      }
    case "ignore": project.ignored = try reader.texts()
    case "warnings": project.warnings = try reader.texts()
    case "skipCompress": project.skippedExtensions = try reader.texts()
    case "hashes": project.hashesNames = try reader.integer() != 0
    case "modules": project.rewritesModules = try reader.integer() != 0
    case "keepOnlyHashed": project.keepsOnlyHashed = try reader.integer() != 0
    case "fileMode": project.fileMode = try reader.mode()
    case "directoryMode": project.directoryMode = try reader.mode()
    default: try reader.skipValue()
    }
  }

  private static func failure(_ reader: inout JSONReader) throws(JSONReader.Malformed) -> Failure {
    var failure = Failure()
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "kind": failure.kind = try reader.text()
      case "text": failure.text = try reader.text()
      case "place": failure.place = try reader.text()
      case "trace": failure.trace = try reader.text()
      default: try reader.skipValue()
      }
    }
    return failure
  }

  /// A pair of a name and the paths of its files.
  private static func found(_ reader: inout JSONReader) throws(JSONReader.Malformed) -> FoundFile? {
    var name = BytePath("")
    var paths: [BytePath] = []
    var index = 0
    try reader.array { (reader) throws(JSONReader.Malformed) in
      if index == 0 {
        name = BytePath(try reader.string())
      } else {
        try reader.array { (reader) throws(JSONReader.Malformed) in
          paths.append(BytePath(try reader.string()))
        }
      }
      index += 1
    }
    guard let first = paths.first else { return nil }
    return FoundFile(name: name, path: first, hidden: Array(paths.dropFirst()))
  }

  private static func source(
    _ reader: inout JSONReader
  ) throws(JSONReader.Malformed) -> CollectSource {
    var directory = BytePath("")
    var prefix = BytePath("")
    var files: [SourceFile]?
    try reader.object { (reader, key) throws(JSONReader.Malformed) in
      switch String(decoding: key, as: UTF8.self) {
      case "directory": directory = BytePath(try reader.string())
      case "prefix": prefix = BytePath(try reader.string())
      case "files":
        var found: [SourceFile] = []
        try reader.array { (reader) throws(JSONReader.Malformed) in
          var pair: [BytePath] = []
          try reader.array { (reader) throws(JSONReader.Malformed) in
            pair.append(BytePath(try reader.string()))
          }
          if pair.count == 2 { found.append(SourceFile(name: pair[0], path: pair[1])) }
        }
        files = found
      default: try reader.skipValue()
      }
    }
    if let files { return .files(files) }
    return .directory(SourceDirectory(path: directory, prefix: prefix))
  }
}

extension JSONReader {
  /// A string; invalid UTF-8 is replaced.
  mutating func text() throws(Malformed) -> String {
    String(decoding: try string(), as: UTF8.self)
  }

  /// An array of strings.
  mutating func texts() throws(Malformed) -> [String] {
    var texts: [String] = []
    try array { (reader) throws(Malformed) in texts.append(try reader.text()) }
    return texts
  }

  /// A file mode; nil for a negative number, which stands for Python's None.
  fileprivate mutating func mode() throws(Malformed) -> UInt32? {
    UInt32(exactly: try integer())
  }
}
