internal import StaticAssets

/// The options for serving files: caching, fields, types, and responses for missing files.
struct PolicyOptions {
  let routes: RouteOptions
  private let arguments: MergedArguments

  init(_ arguments: MergedArguments) {
    self.arguments = arguments
    routes = RouteOptions(arguments)
  }

  /// The options of a file table; throws every mistake in them.
  ///
  /// - Parameters:
  ///   - maxAge: the default of `--max-age`.
  ///   - upstreamPaths: the URL paths of the apps; empty without an app.
  func tableOptions(maxAge: Duration, upstreamPaths: [String]) throws -> FileTable.Options {
    var options = FileTable.Options(
      maxAge: maxAge,
      allowsAllOrigins: !arguments.isOn(.noCORS)
    )
    var mistakes = Mistakes()
    for text in arguments.texts(.maxAge) {
      try mistakes.reading { try readMaxAge(text, into: &options) }
    }
    options.immutableNames = try mistakes.reading { try ImmutableNames.all(of: arguments) } ?? []
    options.fields = try mistakes.reading(each: arguments.texts(.header), fieldRule)
    for (name, type) in try mistakes.reading(each: arguments.texts(.mediaType), mediaType) {
      options.mediaTypes[name] = type
    }
    if let index = arguments.text(.index) {
      if index.isEmpty || index.contains("/") || index.hasPrefix(".") {
        mistakes.add("\(arguments.place(of: .index, index)): give a file name such as index.html")
      }
      options.indexFile = index
    }
    try mistakes.reading { try routes.apply(to: &options, upstreamPaths: upstreamPaths) }
    options.listsUncodedFiles = !arguments.isOn(.noCompress)
    options.staleWhileRevalidate = arguments.number(.staleWhileRevalidate).map { .seconds($0) }
    options.staleIfError = arguments.number(.staleIfError).map { .seconds($0) }
    if arguments.isOn(.cacheTag) { options.cacheTags.insert(.cacheTag) }
    if arguments.isOn(.surrogateKey) { options.cacheTags.insert(.surrogateKey) }
    options.sharesManifests = arguments.isOn(.shareManifests)
    options.asksPeers = arguments.isGiven(.peer)
    options.leavesUnknownNames = arguments.text(.unknown) == "app"
    for (status, file) in try mistakes.reading(each: arguments.texts(.errorPage), errorPage) {
      options.errorPages[status] = file
    }
    try mistakes.refuse()
    return options
  }

  /// The option and origin of each page, by the page's path.
  var pageOrigins: [String: String] {
    var origins = routes.pageOrigins
    for case let (_, file)? in arguments.texts(.errorPage).map({ try? errorPage($0) }) {
      origins[file] = arguments.place(of: .errorPage)
    }
    return origins
  }

  /// The option and its origin.
  func place(of name: OptionName) -> String { arguments.place(of: name) }

  /// `S`, `GLOB=S` or `none`.
  private func readMaxAge(_ text: String, into options: inout FileTable.Options) throws {
    guard text != "none" else { return options.maxAge = nil }
    let (glob, number) = text.split(atLast: "=") ?? ("", text)
    // RFC 9111 §1.2.2 requires 31 bits of range; immutable names get ten years.
    guard let seconds = Int(number), (0...2_147_483_647).contains(seconds),
      number.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else {
      let reason = "give seconds from 0 to 2147483647"
      throw arguments.failure(.maxAge, text, number == text ? "\(reason), or none" : reason)
    }
    if number == text {
      options.maxAge = .seconds(seconds)
    } else if glob.isEmpty {
      throw arguments.failure(.maxAge, text, "give a pattern before '='")
    } else {
      options.maxAges.append(MaxAgeRule(glob: glob, maxAge: .seconds(seconds)))
    }
  }

  private func fieldRule(_ text: String) throws -> FieldRule {
    do throws(FieldRule.Malformed) {
      return try FieldRule(text)
    } catch {
      throw arguments.failure(.header, text.shown, error.description.shown)
    }
  }

  private func mediaType(_ text: String) throws -> (String, String) {
    guard let (name, type) = text.split(atFirst: "="), !name.isEmpty, !name.hasPrefix("."),
      !name.contains("/"), MediaType.isWellFormed(type)
    else {
      throw arguments.failure(
        .mediaType,
        text.shown,
        "give EXT=TYPE such as 'md=text/markdown', no dot before EXT"
      )
    }
    return (name, type)
  }

  private func errorPage(_ text: String) throws -> (ResponseStatus, String) {
    guard let (number, file) = text.split(atFirst: "="), !file.isEmpty,
      let status = UInt16(number).flatMap(ResponseStatus.init),
      FileTable.Options.pageStatuses.contains(status)
    else {
      throw arguments.failure(
        .errorPage,
        text,
        "give STATUS=FILE with the status 404, 405, 412 or 416, or an app's 502, 503 or 504"
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
