public import StaticAssets
internal import Synchronization

/// A difference between a collected root and its manifests.
public struct RootProblem: Equatable, Sendable, CustomStringConvertible {
  /// The file, below the root.
  public let file: BytePath
  /// What is wrong.
  public let text: String

  /// The problem as `file: text`.
  public var description: String {
    "\(file): \(text)".replacing(text: "\n", with: "\\n")
  }
}

/// The result of a check.
public struct RootReport: Sendable {
  /// The number of files that were read, including codings.
  public internal(set) var fileCount = 0
  /// The number of bytes that were read.
  public internal(set) var byteCount = 0
  /// The problems, sorted by file; empty if there are none.
  public internal(set) var problems: [RootProblem] = []
  /// Whether the root has no `staticd.json`, with which lengths, types and digests are compared.
  package internal(set) var lacksRecord = false
}

/// Verifies a root against its manifests, and the manifests against each other.
///
/// Every file that a manifest names must exist, be readable and not be a link, and its content must
/// match its name, its length and its digests. Every coding, listed or beside its file, must decode
/// to that file. `staticd.json` must match its seal. An unlisted file must not have a hashed name
/// (except below `CACHE`, where django-compressor writes), be a coding beside a listed file, be a
/// leftover of a stopped run, be a pipe or a device, or link out of the root. All files and manifests
/// of a release have one mode, and no older file or directory may deny access to users who can read
/// most of the files.
///
/// For a root that Django collected, or that was collected without manifests, the digests in names
/// and the codings are verified.
public struct RootCheck: Sendable {
  private let root: BytePath
  private let jobs: Int?

  /// A check of `root` that reads `jobs` files at a time, at least 1; nil for one per processor.
  public init(root: BytePath, jobs: Int? = nil) {
    self.root = root
    self.jobs = jobs
  }

  /// Runs the check.
  ///
  /// - Parameter progress: receives the progress; made for one run.
  /// - Throws: `usage` if the root is not a directory, `system` if a manifest cannot be read.
  public func run(
    progress: CollectProgress = CollectProgress()
  ) async throws(CollectError) -> RootReport {
    let jobs = try JobCount.of(jobs)
    guard (try? FileStatus.of(root))?.isDirectory == true else {
      throw .usage("'\(root)' is no directory")
    }
    do throws(FileError) {
      let directory = try Directory(root, shownAs: root)
      let recorded = try RecordedRoot(directory)
      let linked = recorded.isEmpty ? nil : recorded.originals
      let listing = try RootListing(directory, linked: linked)
      let items = CheckedFile.all(recorded, listing)
      progress.begin(.reading, count: items.count)
      var problems = recorded.problems + listing.problems
      problems += ManifestComparison(recorded).problems
      let mode = ReleaseMode(recorded, directory)
      problems += mode.problems(of: listing, recorded)
      for (name, bits) in recorded.modes where bits & 0o400 != 0 {
        problems += mode.problem(ofManifest: bits).map { [RootProblem(file: name, text: $0)] } ?? []
      }
      for name in listing.specials where !items.contains(named: name) {
        problems.append(RootProblem(file: name, text: FileCheck.irregular))
      }
      if let collected = recorded.collected, recorded.django != nil {
        problems += try StrayFiles(recorded, collected, listing, directory).problems
      }
      if recorded.isEmpty, Self.lacksManifests(items) {
        problems.append(
          RootProblem(file: ManifestName.django, text: "there is none; collect first")
        )
      }
      let check = FileCheck(directory, items, listing, recorded, mode, progress)
      var report = await check.run(jobs: jobs)
      report.lacksRecord = recorded.collected == nil
      // A pipe in the place of a coding is found by both checks.
      let found = report.problems
      report.problems += problems.filter { !found.contains($0) }
      report.problems.sort { ($0.file.bytes, $0.text) < ($1.file.bytes, $1.text) }
      return report
    } catch {
      throw .system(error)
    }
  }

  /// Whether a root without manifests is not a plain copy (`--no-post-process`).
  ///
  /// It is not if it is empty, all of its files have hashed names, or a file is beside one with its
  /// name and a hash.
  private static func lacksManifests(_ items: [CheckedFile]) -> Bool {
    let names = Set(items.map(\.name))
    let hashed = names.filter { HashedName.looksHashed($0) }
    guard hashed.count < names.count else { return true }
    return hashed.contains { HashedName.withoutHash($0).map(names.contains) == true }
  }
}

/// Orders problems by file, then by text.
private func < (first: ([UInt8], String), second: ([UInt8], String)) -> Bool {
  first.0 == second.0 ? first.1 < second.1 : first.0.lexicographicallyPrecedes(second.0)
}
