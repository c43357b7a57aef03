internal import StaticAssets
internal import Synchronization

/// Checks the content of the files of a root, on several threads.
final class FileCheck: Sendable {
  private let root: Directory
  private let files: [CheckedFile]
  private let listing: RootListing
  private let recorded: RecordedRoot
  private let mode: ReleaseMode
  private let originals: Set<BytePath>
  /// The names of listed files by the SHA-256 of their contents.
  private let namesByDigest: [[UInt8]: BytePath]
  private let progress: CollectProgress
  private let nextFile = Atomic<Int>(0)

  init(
    _ root: consuming Directory,
    _ files: [CheckedFile],
    _ listing: RootListing,
    _ recorded: RecordedRoot,
    _ mode: ReleaseMode,
    _ progress: CollectProgress
  ) {
    self.mode = mode
    self.root = root
    self.files = files
    self.listing = listing
    self.recorded = recorded
    originals = recorded.originals
    namesByDigest = Dictionary(
      recorded.collected?.reader.files.map { ($0.digests.sha256, $0.name) } ?? [],
      uniquingKeysWith: { first, _ in first }
    )
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
    guard let bytes = read(file.name, of: file, &report) else { return }
    let digests = ContentDigests(of: bytes)
    var text = difference(bytes.count, digests, file.record)
    if !file.originals.allSatisfy({ isName(file.name, of: $0, digests.md5) }) {
      text = text ?? "its content is not the one that its name says"
    }
    if let text { report.problems.append(RootProblem(file: file.name, text: text)) }
    // A damaged file cannot be compared with what its codings decode to.
    checkCodings(file, text == nil ? bytes : nil, &report)
    if text == nil { checkReferences(file, bytes, &report) }
  }

  /// References are rewritten only in files that are published under a hashed name.
  private func checkReferences(
    _ file: CheckedFile,
    _ bytes: [UInt8],
    _ report: inout RootReport
  ) {
    let isRewritten =
      file.record.map { $0.isHashed && $0.name != $0.original }
      ?? file.originals.contains { $0 != file.name }
    guard isRewritten else { return }
    let references = DanglingReferences(
      originals: originals,
      includesQueries: recorded.collected != nil
    ) { name in
      (try? FileStatus.of(name, in: self.root.number))?.isRegular == true
    }
    for reference in references.find(in: bytes, of: file.name) {
      let text = "it refers to '\(reference.shortened)', which is not in the root; collect again"
      report.problems.append(RootProblem(file: file.name, text: text))
    }
  }

  /// How a content differs from the recorded one; nil if it does not.
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
    guard isEqual else { return "its content is not the one in staticd.json" }
    let hasIntegrity = record.digests.integrity == digests.integrity
    return hasIntegrity ? nil : "its integrity in staticd.json is not that of its content"
  }

  /// Whether `name` is the published name of `original` with the digest `md5`.
  ///
  /// An unhashed name matches any digest.
  private func isName(_ name: BytePath, of original: BytePath, _ md5: [UInt8]) -> Bool {
    if name == original { return true }
    return (try? HashedName.published(original.bytes, md5: md5)) == name
  }

  /// - Parameter bytes: the content that the codings must decode to; nil if it is not known.
  private func checkCodings(
    _ file: CheckedFile,
    _ bytes: [UInt8]?,
    _ report: inout RootReport
  ) {
    for coding in ContentCoding.preference {
      let name = file.name.appending(suffix: coding.fileSuffix)
      let isListed = file.record?.codings.contains { $0.coding == coding } ?? false
      guard !isListed else { continue }
      guard listing.files.contains(name) else { continue }
      // A server takes the file beside another one for its coding, even if it was collected itself.
      let isFile = files.contains(named: name)
      guard let coded = read(name, of: file, counts: !isFile, &report), let bytes else { continue }
      if !Decoding.of(coded, coding, is: bytes) {
        let text = "it does not decode to '\(file.name)'"
        report.problems.append(RootProblem(file: name, text: text))
      } else if file.record != nil, !isFile {
        let text = "staticd.json does not list it; collect again"
        report.problems.append(RootProblem(file: name, text: text))
      }
    }
    checkZstandard(file, &report)
    for listed in file.record?.codings ?? [] { check(listed, bytes, of: file, &report) }
  }

  /// A `.zst` of another program must begin with a zstd frame; its content is not verified.
  private func checkZstandard(_ file: CheckedFile, _ report: inout RootReport) {
    let name = file.name.appending(suffix: ContentCoding.zstandard.fileSuffix)
    guard listing.files.contains(name), !files.contains(named: name),
      let coded = read(name, of: file, &report), !Decoding.isZstandardFrame(coded)
    else { return }
    let text = "it does not begin with a zstd frame; remove it"
    report.problems.append(RootProblem(file: name, text: text))
  }

  /// A delta must name the dictionary in the manifest, and decode with it if the root still has it.
  private func check(
    delta coded: [UInt8],
    _ listed: CollectedManifestText.Coding,
    _ bytes: [UInt8]?,
    of file: CheckedFile,
    _ report: inout RootReport
  ) {
    guard Delta.isFile(coded, ofDictionary: listed.dictionary) else {
      let text = "it does not name the dictionary in staticd.json; collect again"
      report.problems.append(RootProblem(file: listed.file, text: text))
      return
    }
    guard let bytes, let dictionary = dictionary(listed.dictionary),
      !Delta.decodes(coded, with: dictionary, to: bytes)
    else { return }
    let text = "it does not decode to '\(file.name)'"
    report.problems.append(RootProblem(file: listed.file, text: text))
  }

  /// The content with this SHA-256; nil if no listed file has it.
  ///
  /// It is nil too if that file is damaged, which is reported separately.
  private func dictionary(_ digest: [UInt8]) -> [UInt8]? {
    guard let name = namesByDigest[digest],
      let file = try? Descriptor.open(name, in: root.number, flags: FileFlags.read),
      let bytes = try? file.readAll(path: name), ContentDigests.sha256(bytes[...]) == digest
    else { return nil }
    return bytes
  }

  private func check(
    _ listed: CollectedManifestText.Coding,
    _ bytes: [UInt8]?,
    of file: CheckedFile,
    _ report: inout RootReport
  ) {
    guard let coded = read(listed.file, of: file, &report) else { return }
    guard listed.byteCount == coded.count, listed.md5 == ContentDigests.md5(coded) else {
      let text = "its content is not the one in staticd.json"
      report.problems.append(RootProblem(file: listed.file, text: text))
      return
    }
    if listed.isDelta {
      check(delta: coded, listed, bytes, of: file, &report)
      return
    }
    guard let bytes, !Decoding.of(coded, listed.coding, is: bytes) else { return }
    let text = "it does not decode to '\(file.name)'"
    report.problems.append(RootProblem(file: listed.file, text: text))
  }

  /// The bytes of a file or of its coding; a failure is added to the report.
  ///
  /// - Parameter counts: whether this is the first read of `name`, which is counted and reported.
  private func read(
    _ name: BytePath,
    of file: CheckedFile,
    counts: Bool = true,
    _ report: inout RootReport
  ) -> [UInt8]? {
    var text: String?
    var bytes: [UInt8]?
    do throws(FileError) {
      if PosixPath.isPlain(name.bytes), !name.bytes.contains(0) {
        let status = try FileStatus.of(name, in: root.number, followsLinks: file.mayBeLink)
        text = problem(with: status, file)
        if status.isRegular {
          let opened = try Descriptor.open(name, in: root.number, flags: FileFlags.read)
          bytes = try opened.readAll(path: name)
        }
      } else {
        text = "this name leads out of the root; collect again"
      }
    } catch {
      text = "cannot \(error.operation) it: \(FileError.text(of: error.code))"
    }
    guard counts else { return bytes }
    if let text { report.problems.append(RootProblem(file: name, text: text)) }
    if let bytes {
      report.fileCount += 1
      report.byteCount += bytes.count
    }
    return bytes
  }

  /// The problem with the kind or the mode of a file; nil if there is none.
  private func problem(with status: FileStatus, _ file: CheckedFile) -> String? {
    guard !status.isLink else { return "this is a link; collect again for a file in its place" }
    guard status.isRegular else { return Self.irregular }
    if let text = Self.unreadable(status) { return text }
    return file.record.flatMap { mode.problem(ofFile: status.mode, $0) }
  }

  /// The text for pipes, sockets, devices and directories.
  static let irregular = "this is no regular file"

  /// The problem with a mode that denies reading to the owner; nil if it does not.
  static func unreadable(_ status: FileStatus) -> String? {
    guard status.mode & 0o400 == 0 else { return nil }
    return "its mode keeps its owner from reading it; collect again"
  }
}
