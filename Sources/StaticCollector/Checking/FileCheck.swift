internal import StaticAssets
internal import Synchronization

/// One file that a manifest names, and what is said of it.
struct CheckedFile {
  let name: FilePath
  /// What `staticd.json` says.
  let record: CollectedManifestText.File?
  /// The names that it is the published file of.
  var originals: [FilePath] = []

  /// Every file that a manifest names, once.
  static func all(_ recorded: RecordedRoot) -> [CheckedFile] {
    var files: [FilePath: CheckedFile] = [:]
    for (name, record) in recorded.files ?? [:] {
      files[name] = CheckedFile(name: name, record: record)
    }
    for (original, published) in recorded.paths ?? [] {
      files[published, default: CheckedFile(name: published, record: nil)].originals
        .append(original)
    }
    return files.values.sorted { $0.name < $1.name }
  }
}

/// Reads the files of a root, on several threads.
final class FileCheck: Sendable {
  private let root: Directory
  private let files: [CheckedFile]
  private let progress: CollectProgress
  private let nextFile = Atomic<Int>(0)

  init(_ root: consuming Directory, _ files: [CheckedFile], _ progress: CollectProgress) {
    self.root = root
    self.files = files
    self.progress = progress
  }

  func run(jobs: Int) async -> RootReport {
    await withTaskGroup(of: RootReport.self) { group in
      for _ in 0..<min(jobs, max(1, files.count)) { group.addTask { self.checkSome() } }
      var total = RootReport()
      for await part in group {
        total.fileCount += part.fileCount
        total.byteCount += part.byteCount
        total.problems += part.problems
      }
      return total
    }
  }

  private func checkSome() -> RootReport {
    var report = RootReport()
    while true {
      let index = nextFile.add(1, ordering: .relaxed).oldValue
      guard index < files.count else { return report }
      check(files[index], &report)
      progress.advance()
    }
  }

  private func check(_ file: CheckedFile, _ report: inout RootReport) {
    guard let bytes = read(file.name, &report) else { return }
    let digests = ContentDigests(of: bytes)
    var text = difference(bytes.count, digests, file.record)
    if !file.originals.allSatisfy({ isName(file.name, of: $0, digests.md5) }) {
      text = text ?? "its content is not the one that its name says"
    }
    if let text { report.problems.append(RootProblem(file: file.name, text: text)) }
    // What codings decode to says nothing beside a damaged file.
    checkCodings(file, text == nil ? bytes : nil, &report)
  }

  /// What tells a content from the recorded one; nil when nothing does.
  private func difference(
    _ byteCount: Int,
    _ digests: ContentDigests,
    _ record: CollectedManifestText.File?
  ) -> String? {
    guard let record else { return nil }
    if record.byteCount != byteCount {
      return "it has \(byteCount) bytes, \(record.byteCount) in staticd.json"
    }
    let isEqual = record.digests.md5 == digests.md5 && record.digests.sha256 == digests.sha256
    return isEqual ? nil : "its content is not the one in staticd.json"
  }

  /// Whether `name` is the published name of `original` with the digest `md5`; a name that stayed
  /// as it is says nothing.
  private func isName(_ name: FilePath, of original: FilePath, _ md5: [UInt8]) -> Bool {
    if name == original { return true }
    return (try? HashedName.published(original.bytes, md5: md5)) == name
  }

  /// - Parameter bytes: what they must decode to; nil when nobody knows.
  private func checkCodings(
    _ file: CheckedFile,
    _ bytes: [UInt8]?,
    _ report: inout RootReport
  ) {
    for coding in ContentCoding.preference {
      let name = file.name.appending(suffix: coding.fileSuffix)
      let isListed = file.record?.codings.contains { $0.coding == coding } ?? false
      guard !isListed else { continue }
      // A server takes what lies beside a file for its coding, unless it is a file itself.
      guard !files.contains(named: name), (try? root.status(of: name))??.isRegular == true else {
        continue
      }
      guard let coded = read(name, &report), let bytes else { continue }
      if !Decoding.of(coded, coding, is: bytes) {
        let text = "it does not decode to '\(file.name)'"
        report.problems.append(RootProblem(file: name, text: text))
      }
    }
    for listed in file.record?.codings ?? [] { check(listed, bytes, of: file.name, &report) }
  }

  private func check(
    _ listed: CollectedManifestText.Coding,
    _ bytes: [UInt8]?,
    of name: FilePath,
    _ report: inout RootReport
  ) {
    guard let coded = read(listed.file, &report) else { return }
    guard listed.byteCount == coded.count, listed.md5 == ContentDigests.md5(coded) else {
      let text = "its content is not the one in staticd.json"
      report.problems.append(RootProblem(file: listed.file, text: text))
      return
    }
    guard let bytes, !Decoding.of(coded, listed.coding, is: bytes) else { return }
    let text = "it does not decode to '\(name)'"
    report.problems.append(RootProblem(file: listed.file, text: text))
  }

  /// The bytes of a regular file; what is in the way is a problem.
  private func read(_ name: FilePath, _ report: inout RootReport) -> [UInt8]? {
    do throws(FileError) {
      let status = try FileStatus.of(name, in: root.number)
      guard status.isRegular else {
        report.problems.append(RootProblem(file: name, text: "this is no regular file"))
        return nil
      }
      let file = try Descriptor.open(name, in: root.number, flags: FileFlags.read)
      let bytes = try file.readAll(path: name)
      report.fileCount += 1
      report.byteCount += bytes.count
      return bytes
    } catch {
      let text = "cannot \(error.operation) it: \(FileError.text(of: error.code))"
      report.problems.append(RootProblem(file: name, text: text))
      return nil
    }
  }
}

extension [CheckedFile] {
  /// Whether one of these files, which are sorted, is called `name`.
  func contains(named name: FilePath) -> Bool {
    var range = startIndex..<endIndex
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      if self[middle].name == name { return true }
      range = self[middle].name < name ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return false
  }
}
