internal import StaticAssets

/// The published name of a collected file and, if references were rewritten, its published content.
struct PublishedFile: Sendable {
  let name: BytePath
  let digests: ContentDigests
  /// The new content; nil if it is the original's.
  let text: [UInt8]?
}

/// The content of a published name that is in no manifest.
///
/// Django hashes the stored file for a reference with a query, and again for a reference that it
/// has already rewritten (`export` without a semicolon extends to the `from` of a later import).
/// Django publishes no file under those names; staticd does, so that the references work.
enum Alias: Sendable {
  /// The original file.
  case original(Int)
  /// The published file.
  case published(Int)
}

/// The severities of references to missing files.
struct ReferenceSeverities: Sendable {
  let missing: Problem.Severity
  let missingSourceMaps: Problem.Severity

  func severity(of reference: UnresolvedReference) -> Problem.Severity {
    reference.kind == .missingSourceMap ? missingSourceMaps : missing
  }
}

/// Finds every reference, orders the files so that each comes after those that it refers to, and
/// rewrites them in this order.
///
/// Django instead rewrites all files up to five times until nothing changes. The result is the same
/// wherever Django succeeds. Here a chain may have any length, and a cycle is reported.
struct ReferenceAnalysis {
  /// The published file for each loaded file; nil for a file with an error.
  private(set) var published: [PublishedFile?]
  private(set) var problems: [Problem] = []
  /// Names that references use and the manifest lacks; see `Alias`.
  private(set) var aliases: [BytePath: Alias] = [:]

  private let files: [LoadedFile]
  private let staticURL: [UInt8]
  private let severities: ReferenceSeverities
  private let rules: DjangoRules
  private let index: CollectedIndex
  private let unread: Set<BytePath>
  private var scanned: [ScannedFile?]

  /// The result of the first scan of a file's references.
  private struct ScannedFile {
    /// The style sheets and scripts that it refers to, and the lines of these references.
    var dependencies: [(file: Int, line: Int)]
    var hasProblems: Bool
  }

  /// An analysis of `files`.
  ///
  /// - Parameter unread: the destinations of source files and directories that could not be read;
  ///   references to them are not reported again.
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

  /// Analyses the files with `jobs` tasks; the results are in the properties.
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

  /// The result of scanning a text.
  private struct ScanResult: Sendable {
    /// The text with its references replaced, and its digests; nil if it is not UTF-8.
    let rewritten: (Rewritten, ContentDigests)?
    /// The first line that is not UTF-8.
    let invalidLine: Int
  }

  /// Scans the references of a file once, with placeholders for hashes that are not known yet.
  private func scan(_ file: Int) -> ScanResult {
    guard let text = files[file].text, String(validating: text, as: UTF8.self) != nil else {
      return ScanResult(rewritten: nil, invalidLine: Self.invalidLine(files[file].text ?? []))
    }
    let rewritten = rewrite(file, text)
    let isUnchanged = rewritten.text == text
    let digests = isUnchanged ? files[file].digests : ContentDigests(of: rewritten.text)
    return ScanResult(rewritten: (rewritten, digests), invalidLine: 0)
  }

  /// Records the scan of a file, and publishes the file if it does not depend on another text.
  private mutating func note(_ result: ScanResult, at file: Int) {
    guard let (rewritten, digests) = result.rewritten else {
      let text =
        "this is not UTF-8; save it as UTF-8, or leave it as it is with --immutable or out with --ignore"
      report(file, .notUTF8, line: result.invalidLine, text)
      scanned[file] = ScannedFile(dependencies: [], hasProblems: true)
      return
    }
    for unresolved in rewritten.unresolved { report(file, unresolved) }
    let hasProblems = rewritten.unresolved.contains { severities.severity(of: $0) == .error }
    scanned[file] = ScannedFile(dependencies: rewritten.dependencies, hasProblems: hasProblems)
    if rewritten.dependencies.isEmpty, !hasProblems { publish(file, rewritten, digests) }
  }

  /// A text with its references replaced, and what was found meanwhile.
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
    // An unchanged text is not stored twice.
    let isUnchanged = digests == files[file].digests
    publish(file, text: isUnchanged ? nil : rewritten.text, digests)
  }

  /// Rewrites a file whose dependencies are all published, or reports a cycle.
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

  /// Reports a cycle with all its members, from the first by name along the references.
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

  /// The shortest path along references from `first` back to itself, which is at both ends.
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

  /// Whether `name`, or a directory on its path, exists and could not be read.
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
