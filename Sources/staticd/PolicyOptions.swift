internal import ArgumentParser
internal import StaticAssets

/// How files are served: caching, fields, types, and what is sent when there is no file.
struct PolicyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Seconds that names which are not immutable may be used; 'GLOB=S' for some of them. Repeat \
      for more, the last that fits counts. (default: 60)
      """,
      valueName: "[glob=]s"
    )
  )
  var maxAge: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Names that change with their content, besides those in a manifest; 'vite' and 'webpack' \
      stand for what these call their files. Repeat for more.
      """,
      valueName: "glob"
    )
  )
  var immutable: [String] = []

  @Option(
    help: ArgumentHelp(
      "A field for some files, instead of one of that name; the last that fits counts.",
      valueName: "glob: field: value"
    )
  )
  var header: [String] = []

  @Option(
    help: ArgumentHelp(
      "The media type of an extension (without its dot) or of a whole file name, which wins.",
      valueName: "ext=type"
    )
  )
  var mediaType: [String] = []

  @Flag(help: "Leave out Access-Control-Allow-Origin: *.")
  var noCors = false

  @Option(
    help: ArgumentHelp(
      "The file to send for its directory, such as index.html; '/docs' leads to '/docs/'.",
      valueName: "name"
    )
  )
  var index: String?

  @Option(
    help: ArgumentHelp(
      """
      The page of a single-page app: sent for names below a --public path that no file is called, \
      unless their last part has a dot.
      """,
      valueName: "file"
    )
  )
  var fallback: String?

  @Option(
    help: ArgumentHelp(
      """
      A page of your own for the status 404, 405, 412 or 416, or for an app's 502, 503 or 504; \
      repeat for more.
      """,
      valueName: "status=file"
    )
  )
  var errorPage: [String] = []

  /// The options of a table, or the error in one line.
  ///
  /// - Parameter maxAge: seconds for names about which no option says anything.
  func tableOptions(maxAge: Int) throws -> FileTable.Options {
    var options = FileTable.Options(maxAge: maxAge, allowsAllOrigins: !noCors)
    for text in self.maxAge { try Self.readMaxAge(text, into: &options) }
    options.immutableNames = try immutable.map(Self.immutableNames)
    options.fields = try header.map(Self.fieldRule)
    for text in mediaType {
      let (name, type) = try Self.mediaType(text)
      options.mediaTypes[name] = type
    }
    if let index {
      guard !index.isEmpty, !index.contains("/"), !index.hasPrefix(".") else {
        throw CommandFailure(.usage, "--index '\(index)': give a file name such as index.html")
      }
      options.indexFile = index
    }
    options.fallback = fallback
    for text in errorPage {
      let (status, file) = try Self.errorPage(text)
      options.errorPages[status] = file
    }
    return options
  }

  /// `S`, or `GLOB=S`.
  private static func readMaxAge(_ text: String, into options: inout FileTable.Options) throws {
    let (glob, number) = text.split(atLast: "=") ?? ("", text)
    // Ten years are what immutable names get; RFC 9111 §1.2.2 asks for 31 bits.
    guard let seconds = Int(number), (0...2_147_483_647).contains(seconds),
      number.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else {
      throw CommandFailure(.usage, "--max-age '\(text)': give seconds from 0 to 2147483647")
    }
    if number == text {
      options.maxAge = seconds
    } else if glob.isEmpty {
      throw CommandFailure(.usage, "--max-age '\(text)': give a pattern before '='")
    } else {
      options.maxAges.append(MaxAgeRule(glob: glob, seconds: seconds))
    }
  }

  private static func immutableNames(_ text: String) throws -> ImmutableNames {
    switch text {
    case "": throw CommandFailure(.usage, "--immutable '': give a pattern, 'vite' or 'webpack'")
    case "vite": .vite
    case "webpack": .webpack
    default: .glob(text)
    }
  }

  private static func fieldRule(_ text: String) throws -> FieldRule {
    do throws(FieldRule.Malformed) {
      return try FieldRule(text)
    } catch {
      throw CommandFailure(.usage, "--header '\(text.shown)': \(error.description.shown)")
    }
  }

  private static func mediaType(_ text: String) throws -> (String, String) {
    guard let (name, type) = text.split(atFirst: "="), !name.isEmpty, !name.hasPrefix("."),
      !name.contains("/"), MediaType.isWellFormed(type)
    else {
      throw CommandFailure(
        .usage,
        "--media-type '\(text.shown)': give EXT=TYPE such as 'md=text/markdown', no dot before EXT"
      )
    }
    return (name, type)
  }

  private static func errorPage(_ text: String) throws -> (ResponseStatus, String) {
    guard let (number, file) = text.split(atFirst: "="), !file.isEmpty,
      let status = UInt16(number).flatMap(ResponseStatus.init),
      FileTable.Options.pageStatuses.contains(status)
    else {
      throw CommandFailure(
        .usage,
        """
        --error-page '\(text)': give STATUS=FILE with the status 404, 405, 412 or 416, or an \
        app's 502, 503 or 504
        """
      )
    }
    return (status, file)
  }
}

extension String {
  /// The text on one line, without control characters.
  fileprivate var shown: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 ? "?" : $0 }))
  }

  fileprivate func split(atFirst separator: Character) -> (String, String)? {
    firstIndex(of: separator).map(split)
  }

  fileprivate func split(atLast separator: Character) -> (String, String)? {
    lastIndex(of: separator).map(split)
  }

  private func split(at position: Index) -> (String, String) {
    (String(self[..<position]), String(self[index(after: position)...]))
  }
}
