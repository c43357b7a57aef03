internal import StaticAssets
internal import StaticCollector

/// The options that give URL paths to the app, to pages and to redirects.
struct RouteOptions {
  private let arguments: MergedArguments

  init(_ arguments: MergedArguments) {
    self.arguments = arguments
  }

  /// A fallback page as given: `[/URL/=]FILE`.
  struct Page {
    let path: String?
    let file: String
  }

  /// Applies the options to `options`; throws every mistake in them.
  ///
  /// - Parameter upstreamPaths: the URL paths of the apps; empty without an app.
  func apply(to options: inout FileTable.Options, upstreamPaths: [String]) throws {
    var mistakes = Mistakes()
    options.upstreamPaths = upstreamPaths
    options.appPaths = try mistakes.reading(each: arguments.texts(.appPath)) { text in
      try path(.appPath, text)
    }
    if let text = arguments.texts(.appPath).first, upstreamPaths.isEmpty {
      mistakes.add("\(arguments.place(of: .appPath, text)): there is no app; give --upstream")
    }
    let pages = try mistakes.reading(each: arguments.texts(.fallback), page)
    // With `--app-path`, other paths get the page before the app, as with nginx's `try_files`.
    let isFirst = !upstreamPaths.contains("/") || !options.appPaths.isEmpty
    for (index, page) in pages.enumerated() {
      if pages[..<index].contains(where: { $0.path == page.path }) {
        mistakes.add(
          arguments.place(of: .fallback, page.file)
            + ": there is a fallback for \(page.path ?? "the whole site") already"
        )
      }
      let order: FileTable.Fallback.Order? = page.path == nil && isFirst ? .beforeApp : nil
      options.fallbacks.append(FileTable.Fallback(page.file, at: page.path, order: order))
    }
    options.cleansURLs = arguments.isOn(.cleanURLs)
    // Static hosts with clean URLs serve `index.html` for a directory.
    if options.cleansURLs, options.indexFile == nil { options.indexFile = "index.html" }
    options.hiddenFiles = redirectsFile.map { [$0] } ?? []
    options.redirects = try mistakes.reading { try redirects() } ?? RedirectRules()
    try mistakes.refuse()
  }

  /// The option and origin of each fallback page, by the page's path.
  var pageOrigins: [String: String] {
    var origins: [String: String] = [:]
    for case let page? in arguments.texts(.fallback).map({ try? page($0) }) {
      origins[page.file] = arguments.place(of: .fallback)
    }
    return origins
  }

  /// The file of `--redirects`; nil for none.
  var redirectsFile: String? { arguments.text(.redirects) }

  /// Reads the redirects from their file.
  func redirects() throws -> RedirectRules {
    guard let file = redirectsFile else { return RedirectRules() }
    let limit = RedirectRules.byteCountMax
    // nil for what is no file: a pipe is empty when it is read again, and every reload reads it again.
    let text: [UInt8]?
    do throws(FileError) {
      let path = BytePath(file)
      let opened = try Descriptor.open(path, flags: FileFlags.read)
      let isFile = try opened.status(of: path).isRegular
      text = isFile ? try opened.readStart(limit + 1, path: path) : nil
    } catch {
      throw arguments.failure(.redirects, file, "\(error); give its path from here")
    }
    guard let text else {
      throw arguments.failure(.redirects, file, "no regular file; give the path of a file")
    }
    guard text.count <= limit else {
      throw arguments.failure(.redirects, file, "larger than \(limit) bytes")
    }
    do throws(RedirectRules.Malformed) {
      return try RedirectRules(text)
    } catch {
      throw CommandFailure(.usage, lines: error.mistakes.map { "\(file):\($0)" })
    }
  }

  /// `[/URL/=]FILE`.
  private func page(_ text: String) throws -> Page {
    let (prefix, file) = URLArgument.split(text)
    guard !file.isEmpty else {
      throw arguments.failure(.fallback, text, "give FILE, or /URL/=FILE")
    }
    guard let prefix else { return Page(path: nil, file: file) }
    guard let path = URLArgument.path(prefix) else {
      throw arguments.failure(.fallback, text, URLArgument.advice)
    }
    return Page(path: path, file: file)
  }

  private func path(_ name: OptionName, _ text: String) throws -> String {
    guard let path = URLArgument.path(text) else {
      throw arguments.failure(name, text, URLArgument.advice)
    }
    return path
  }
}

/// URL paths in the values of options.
enum URLArgument {
  static let advice = "give a path such as /api/, without '//', '.', '..', '*', '?' and '#'"

  /// Splits `/URL/=VALUE`; the URL is nil if there is none.
  ///
  /// The URL begins and ends with a slash.
  static func split(_ text: String) -> (url: String?, value: String) {
    guard text.hasPrefix("/") else { return (nil, text) }
    var previous: Character = " "
    for index in text.indices {
      if previous == "/", text[index] == "=" {
        return (String(text[..<index]), String(text[text.index(after: index)...]))
      }
      previous = text[index]
    }
    return (nil, text)
  }

  /// The percent-decoded path with a slash at both ends, as in file tables; nil if no request
  /// matches it.
  static func path(_ text: String) -> String? {
    guard text.hasPrefix("/"), !text.contains(where: { "?#*".contains($0) || $0.isWhitespace })
    else { return nil }
    let whole = text.hasSuffix("/") ? text : text + "/"
    guard let decoded = FileTable.decodedPath(whole) else { return nil }
    let segments = decoded.split(separator: "/", omittingEmptySubsequences: false)
    let inner = segments.dropFirst().dropLast()
    let isPlain = inner.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("\\") }
    return isPlain ? decoded : nil
  }
}
