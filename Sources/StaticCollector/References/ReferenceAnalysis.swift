internal import StaticAssets

/// What becomes of a collected file: its published name and, where references were rewritten, its
/// published content.
struct PublishedFile: Sendable {
  let name: BytePath
  let digests: ContentDigests
  /// The new content; nil when it is the original's.
  let text: [UInt8]?
}

/// The content behind a name that is in no manifest.
///
/// Django hashes a stored file on the spot for a reference with a query, and once more for a
/// reference that it has rewritten already (`export` without a semicolon reaches to the `from` of
/// a later import). It publishes no file under those names; we do, so that they lead somewhere.
enum Alias: Sendable {
  /// The file as it was found.
  case original(Int)
  /// The file as it is published.
  case published(Int)
}

/// What comes of references that lead nowhere.
struct ReferenceSeverities: Sendable {
  let missing: Problem.Severity
  let missingSourceMaps: Problem.Severity

  func severity(of reference: UnresolvedReference) -> Problem.Severity {
    reference.kind == .missingSourceMap ? missingSourceMaps : missing
  }
}

/// Finds every reference, puts the files in an order in which each comes after those that it
/// names, and rewrites them in that order.
///
/// Django instead rewrites all of them up to five times until nothing changes. The outcome is the
/// same wherever Django comes to an end; a chain may be of any length here, and a cycle is named.
struct ReferenceAnalysis {
  /// For each loaded file what is published; nil where a problem stands against it.
  private(set) var published: [PublishedFile?]
  private(set) var problems: [Problem] = []
  /// Names that references use and the manifest does not have; see `Alias`.
  private(set) var aliases: [BytePath: Alias] = [:]

  private let files: [LoadedFile]
  private let staticURL: [UInt8]
  private let severities: ReferenceSeverities
  private let rules: DjangoRules
  private let index: CollectedIndex
  private let unread: Set<BytePath>
  private var scanned: [ScannedFile?]

  /// What the first scan of a file's references found.
  private struct ScannedFile {
    /// The files it refers to that are rewritten themselves, and on which line.
    var dependencies: [(file: Int, line: Int)]
    var hasProblems: Bool
  }

  /// An analysis of `files`.
  ///
  /// - Parameter unread: the destinations of files and directories that are in the sources and could not
  ///   be read: that is told once, and not for every reference to them.
  init(
    _ files: [LoadedFile],
    staticURL: String,
    _ rules: DjangoRules,
    _ severities: ReferenceSeverities,
    unread: Set<BytePath> = []
  ) {
    self.unread = unread
    self.rules = rules
    self.files = files
    self.severities = severities
    self.staticURL = Array(staticURL.utf8)
    index = CollectedIndex(files)
    published = Array(repeating: nil, count: files.count)
    scanned = Array(repeating: nil, count: files.count)
  }

  /// Does the work by `jobs` tasks; the outcome is in the properties.
  mutating func run(jobs: Int) async {
    for file in files.indices where files[file].text == nil { publishUnchanged(file) }
    let texts = files.indices.filter { files[$0].text != nil }
    let start = self
    let results = await concurrentMap(count: texts.count, jobs: jobs) { start.scan(texts[$0]) }
    for (file, result) in zip(texts, results) { note(result, at: file) }
    let edges = scanned.map { $0?.dependencies.map(\.file) ?? [] }
    for component in ReferenceGraph(edges).components() { publish(component) }
    problems.sort {
      ($0.file, $0.line ?? 0, $0.text) < ($1.file, $1.line ?? 0, $1.text)
    }
  }

  private mutating func publishUnchanged(_ file: Int) {
    publish(file, text: nil, files[file].digests)
  }

  /// What the first scan of a text shows.
  private struct ScanResult: Sendable {
    /// The text with its references replaced, and its digests; nil when it is not UTF-8.
    let rewritten: (Rewritten, ContentDigests)?
    /// The first line that is not UTF-8.
    let invalidLine: Int
  }

  /// Reads the references of a file once, with a stand-in for every hash that is not known yet.
  private func scan(_ file: Int) -> ScanResult {
    guard let text = files[file].text, String(validating: text, as: UTF8.self) != nil else {
      return ScanResult(rewritten: nil, invalidLine: Self.invalidLine(files[file].text ?? []))
    }
    let rewritten = rewrite(file, text)
    let isUnchanged = rewritten.text == text
    let digests = isUnchanged ? files[file].digests : ContentDigests(of: rewritten.text)
    return ScanResult(rewritten: (rewritten, digests), invalidLine: 0)
  }

  /// Takes what the scan of a file showed; publishes it if it names no other text.
  private mutating func note(_ result: ScanResult, at file: Int) {
    guard let (rewritten, digests) = result.rewritten else {
      let text = "this is not UTF-8; save it as UTF-8"
      report(file, .notUTF8, line: result.invalidLine, text)
      scanned[file] = ScannedFile(dependencies: [], hasProblems: true)
      return
    }
    for unresolved in rewritten.unresolved { report(file, unresolved) }
    let hasProblems = rewritten.unresolved.contains { severities.severity(of: $0) == .error }
    scanned[file] = ScannedFile(dependencies: rewritten.dependencies, hasProblems: hasProblems)
    if rewritten.dependencies.isEmpty, !hasProblems { publish(file, rewritten, digests) }
  }

  /// A text with its references replaced, and what came up on the way.
  private struct Rewritten: Sendable {
    let text: [UInt8]
    let dependencies: [(file: Int, line: Int)]
    let aliases: [BytePath: Alias]
    let unresolved: [UnresolvedReference]
  }

  private func rewrite(_ file: Int, _ text: [UInt8]) -> Rewritten {
    var rewriter = ReferenceRewriter(
      name: files[file].source.name.bytes,
      staticURL: staticURL,
      rules,
      resolver: CollectedResolver(index, files, published)
    )
    let result = rewriter.rewrite(text, files[file].patterns)
    return Rewritten(
      text: result,
      dependencies: rewriter.resolver.dependencies,
      aliases: rewriter.resolver.aliases,
      unresolved: rewriter.unresolved
    )
  }

  private mutating func publish(
    _ file: Int,
    _ rewritten: Rewritten,
    _ digests: ContentDigests
  ) {
    aliases.merge(rewritten.aliases) { first, _ in first }
    // What was not changed need not be kept twice.
    let isUnchanged = digests == files[file].digests
    publish(file, text: isUnchanged ? nil : rewritten.text, digests)
  }

  /// Rewrites a file whose references are all published, or reports a cycle.
  private mutating func publish(_ component: [Int]) {
    let file = component[0]
    guard let scan = scanned[file], published[file] == nil else { return }
    let isCycle = component.count > 1 || scan.dependencies.contains { $0.file == file }
    guard !isCycle else {
      reportCycle(component)
      return
    }
    guard let text = files[file].text, !scan.hasProblems,
      scan.dependencies.allSatisfy({ published[$0.file] != nil })
    else { return }
    let rewritten = rewrite(file, text)
    publish(file, rewritten, ContentDigests(of: rewritten.text))
  }

  private mutating func publish(_ file: Int, text: [UInt8]?, _ digests: ContentDigests) {
    guard !files[file].isHashed else {
      let name = files[file].source.destination
      published[file] = PublishedFile(name: name, digests: digests, text: nil)
      return
    }
    do throws(HashedName.Unusable) {
      let name = try HashedName.published(files[file].source.name.bytes, md5: digests.md5)
      published[file] = PublishedFile(name: name, digests: digests, text: text)
    } catch {
      switch error {
      case .malformed:
        report(file, .outsideRoot, line: nil, "its name, percent-decoded, is no path; rename it")
      case .outsideRoot:
        report(file, .outsideRoot, line: nil, "its name leads out of the root; rename it")
      }
    }
  }

  /// Names all members of a circle, from the first by name along the references.
  private mutating func reportCycle(_ component: [Int]) {
    let members = Set(component)
    let first = component.min {
      files[$0].source.path.bytes.lexicographicallyPrecedes(files[$1].source.path.bytes)
    }
    guard let first else { return }
    let circle = shortestCircle(from: first, among: members)
    let names = circle.map { files[$0].source.path.description }
    let line = scanned[first]?.dependencies.first { $0.file == circle[1] }?.line
    let others = members.subtracting(circle).sorted {
      files[$0].source.path.description < files[$1].source.path.description
    }
    let otherNames = others.map { files[$0].source.path.description }
    let rest = others.isEmpty ? "" : " (also in it: \(otherNames.joined(separator: ", ")))"
    problems.append(
      Problem(
        kind: .cycle,
        of: files[first].source,
        line: line,
        text:
          "references in a circle: \(names.joined(separator: " -> "))\(rest); remove one of them",
        files: (circle.dropLast() + others).map { files[$0].source.destination.description }
      )
    )
  }

  /// The shortest way along references from `first` back to itself, with it at both ends.
  private func shortestCircle(from first: Int, among members: Set<Int>) -> [Int] {
    var previous: [Int: Int] = [:]
    var queue = [first][...]
    while let file = queue.popFirst() {
      for (target, _) in scanned[file]?.dependencies ?? [] where members.contains(target) {
        if target == first {
          var way = [file, first]
          while let before = previous[way[0]] { way.insert(before, at: 0) }
          return way
        }
        if previous[target] == nil {
          previous[target] = file
          queue.append(target)
        }
      }
    }
    return [first, first]
  }

  private mutating func report(_ file: Int, _ kind: Problem.Kind, line: Int?, _ text: String) {
    problems.append(Problem(kind: kind, of: files[file].source, line: line, text: text))
  }

  private mutating func report(_ file: Int, _ unresolved: UnresolvedReference) {
    if let name = unresolved.missingName, isUnread(name) { return }
    problems.append(
      Problem(
        severity: severities.severity(of: unresolved),
        kind: unresolved.kind,
        of: files[file].source,
        line: unresolved.line,
        text: "'\(BytePath(unresolved.reference).shortened)': \(unresolved.text)",
        reference: String(decoding: unresolved.reference, as: UTF8.self)
      )
    )
  }

  /// Whether `name`, or a directory on the way to it, is there and could not be read.
  private func isUnread(_ name: BytePath) -> Bool {
    guard !unread.isEmpty else { return false }
    var name = name
    while !name.isEmpty {
      if unread.contains(name) { return true }
      name = name.parent
    }
    return false
  }

  /// The line of the first byte that is not UTF-8.
  private static func invalidLine(_ text: [UInt8]) -> Int {
    var index = 0
    while index < text.count, let (_, byteCount) = UnicodeText.scalar(text, at: index) {
      index += byteCount
    }
    return text[..<index].lineFeedCount + 1
  }
}
