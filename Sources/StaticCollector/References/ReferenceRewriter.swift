internal import StaticAssets

/// Looks up the files that the references of one text name.
protocol ReferenceResolver {
  /// The published name of the collected file called exactly `name`; nil if there is none.
  mutating func published(_ name: [UInt8], line: () -> Int) -> [UInt8]?

  /// What Django would find in STATIC_ROOT under `name` while it runs.
  mutating func stored(_ name: [UInt8]) -> StoredTarget

  /// Records that the text now refers to the stored file `name` as `hashed`, which is in no
  /// manifest.
  mutating func note(_ name: [UInt8], namedAs hashed: [UInt8])
}

/// What a name in the root refers to.
enum StoredTarget {
  /// A file, with the MD5 digest of its bytes in hexadecimal digits.
  case file(md5: [UInt8])
  case directory
  case missing
}

/// A reference that cannot be rewritten.
struct UnresolvedReference {
  let kind: Problem.Kind
  /// The reference as written in the file.
  let reference: [UInt8]
  /// The line, from 1.
  let line: Int
  let text: String
  /// The name that no collected file has; nil for other reasons.
  let missingName: BytePath?
}

/// Rewrites the references of a style sheet or script to the published names.
///
/// Source: `HashedFilesMixin.url_converter` and `_url` of Django, step by step.
struct ReferenceRewriter<Resolver: ReferenceResolver> {
  var resolver: Resolver
  private(set) var unresolved: [UnresolvedReference] = []

  private let name: [UInt8]
  private let staticURL: [UInt8]
  private let rules: DjangoRules

  /// A rewriter for the file `name`.
  ///
  /// - Parameter staticURL: STATIC_URL with its trailing slash.
  init(name: [UInt8], staticURL: [UInt8], _ rules: DjangoRules, resolver: Resolver) {
    self.rules = rules
    self.name = name
    self.staticURL = staticURL
    self.resolver = resolver
  }

  /// `text` with its references replaced; those that cannot be are added to `unresolved`.
  mutating func rewrite(_ text: [UInt8], _ patterns: [ReferencePattern]) -> [UInt8] {
    var text = text
    var history = EditHistory()
    for pattern in patterns {
      let matches = pattern.matches(in: text, rules)
      guard !matches.isEmpty else { continue }
      var ignored = IgnoredBlocks(rules.ignoresBlocks ? text : [], pattern.syntax)
      var result: [UInt8] = []
      var edits: [Edit] = []
      var copied = 0
      var counter = LineCounter(text, history)
      for match in matches where !ignored.contains(match.range.lowerBound) {
        let line = { counter.line(of: match.range.lowerBound) }
        let replacement: [UInt8]
        switch outcome(of: Array(text[match.url]), pattern, line) {
        case .failed: continue
        case .foreign:
          guard pattern.isSourceMap, rules.deletesForeignSourceMaps else { continue }
          replacement = []
        case .published(let url): replacement = match.before + url + match.after
        }
        result += text[copied..<match.range.lowerBound]
        let start = result.count
        result += replacement
        edits.append(
          Edit(
            oldEnd: match.range.upperBound,
            newEnd: result.count,
            lines: text[match.range].lineFeedCount - result[start...].lineFeedCount
          )
        )
        copied = match.range.upperBound
      }
      result += text[copied...]
      history.add(edits)
      text = result
    }
    return text
  }

  /// The result for one reference.
  private enum Outcome {
    /// It points outside STATIC_URL, or is only a fragment.
    case foreign
    case failed
    /// The URL that replaces it.
    case published([UInt8])
  }

  private mutating func outcome(
    of url: [UInt8],
    _ pattern: ReferencePattern,
    _ line: () -> Int
  ) -> Outcome {
    if isForeign(url) { return .foreign }
    do throws(Failure) {
      let (path, fragment) = try withoutFragment(url)
      guard !path.isEmpty else { return .foreign }
      let hashed = try hashedURL(PercentEncoding.decode(try target(of: path)), line)
      let directory = path.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? []
      let last = hashed[(hashed.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]
      var result = Array(directory + last)
      if !fragment.isEmpty { result += Array((url.contains("?#") ? "?#" : "#").utf8) + fragment }
      return .published(PercentEncoding.decode(result))
    } catch {
      let kind = pattern.isSourceMap ? .missingSourceMap : error.kind
      unresolved.append(
        UnresolvedReference(
          kind: kind,
          reference: url,
          line: line(),
          text: error.text,
          missingName: error.missingName
        )
      )
      return .failed
    }
  }

  /// Whether `url` points elsewhere: another scheme or host, or a path not below STATIC_URL.
  private func isForeign(_ url: [UInt8]) -> Bool {
    let letters = url.prefix { $0 &- UInt8(ascii: "a") < 26 }
    if !letters.isEmpty, letters.count < url.count, url[letters.count] == UInt8(ascii: ":") {
      return true
    }
    guard url.first == UInt8(ascii: "/") else { return false }
    if rules.knowsHosts, url.starts(with: "//".utf8) { return true }
    return !url.starts(with: staticURL)
  }

  /// The name in the root that `path` points to, still percent-encoded.
  private func target(of path: [UInt8]) throws(Failure) -> [UInt8] {
    guard path.first == UInt8(ascii: "/") else {
      let slash = name.lastIndex(of: UInt8(ascii: "/"))
      return PosixPath.join(slash.map { Array(name[..<$0]) } ?? [], path)
    }
    guard path.starts(with: staticURL) else { throw .malformed }
    return Array(path.dropFirst(staticURL.count))
  }

  /// Django's `_url`: the URL of the published file, of which the caller uses the last segment.
  private mutating func hashedURL(
    _ name: [UInt8],
    _ line: () -> Int
  ) throws(Failure) -> [UInt8] {
    let (clean, fragment) = try withoutFragment(name)
    let isDirectory = try parts(clean).path.last == UInt8(ascii: "/")
    let hashed = isDirectory ? name : try storedName(clean, line)
    guard String(validating: hashed, as: UTF8.self) != nil else { throw .notText }
    var url = resolvingLastDots([UInt8(ascii: "/")] + PercentEncoding.encodePath(hashed))
    if name.contains("?#") { url.append(UInt8(ascii: "?")) }
    if !fragment.isEmpty { url += [UInt8(ascii: "#")] + fragment }
    return PercentEncoding.decode(url)
  }

  /// Django's `_stored_name`: the published name, or else the name of a stored file with its hash.
  ///
  /// The latter is used for a reference with a query.
  private mutating func storedName(
    _ clean: [UInt8],
    _ line: () -> Int
  ) throws(Failure) -> [UInt8] {
    let name = PosixPath.normalize(clean)
    if let published = resolver.published(HashedName.clean(name), line: line) { return published }
    let path = UnicodeText.strip(try parts(PercentEncoding.decode(name)).path)
    let normalized = PosixPath.normalize(path)
    guard !PosixPath.leavesRoot(normalized) else { throw .outsideRoot(normalized) }
    switch resolver.stored(normalized) {
    case .missing: throw .missing(path)
    case .directory: return HashedName.clean(name)
    case .file(let md5):
      let hashed = HashedName.clean(try withHash(name, md5))
      resolver.note(normalized, namedAs: PosixPath.normalize(try parts(hashed).path))
      return hashed
    }
  }

  private func withHash(_ name: [UInt8], _ md5: [UInt8]) throws(Failure) -> [UInt8] {
    do throws(URLParts.Malformed) {
      return try HashedName.withHash(name, md5: md5)
    } catch {
      throw .malformed
    }
  }

  /// `urljoin` treats a last segment of dots as a directory, so the result ends in a slash.
  private func resolvingLastDots(_ url: [UInt8]) -> [UInt8] {
    let start = (url.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1
    let last = url[start...]
    return last.elementsEqual(".".utf8) || last.elementsEqual("..".utf8)
      ? Array(url[..<start]) : url
  }

  private func parts(_ url: [UInt8]) throws(Failure) -> URLParts {
    do throws(URLParts.Malformed) { return try URLParts(url) } catch { throw .malformed }
  }

  private func withoutFragment(
    _ url: [UInt8]
  ) throws(Failure) -> (url: [UInt8], fragment: [UInt8]) {
    do throws(URLParts.Malformed) {
      return try URLParts.withoutFragment(url)
    } catch {
      throw .malformed
    }
  }

  /// Why one reference cannot be rewritten.
  private enum Failure: Error {
    case missing([UInt8])
    case outsideRoot([UInt8])
    case malformed
    case notText

    var kind: Problem.Kind {
      if case .outsideRoot = self { return .outsideRoot }
      return .missingReference
    }

    var missingName: BytePath? {
      if case .missing(let name) = self { return BytePath(name) }
      return nil
    }

    var text: String {
      switch self {
      case .missing(let name): "there is no file '\(BytePath(name).shortened)'"
      case .outsideRoot(let name): "'\(BytePath(name).shortened)' lies outside the collected files"
      case .malformed: "this is no URL that can be taken apart"
      case .notText: "the file it names is not named in UTF-8, so no style sheet can name it"
      }
    }
  }
}
