public import StaticAssets
internal import Synchronization

/// Something in a collected root that is not as its manifests say.
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

/// What a check found.
public struct RootReport: Sendable {
  /// The number of files that were read, their codings included.
  public internal(set) var fileCount = 0
  /// Their bytes.
  public internal(set) var byteCount = 0
  /// What is wrong, by file; none when all is well.
  public internal(set) var problems: [RootProblem] = []
}

/// Verifies a root against its manifests, and those against each other.
///
/// Every file that a manifest names must be there, readable and no link, with the content that its
/// name, its length and its digests say; every coding, listed or lying beside its file, must decode
/// to that file. `staticd.json` must be as it was written. What no manifest lists must not have a
/// hashed name (but below `CACHE`, where django-compressor writes), lie beside a listed file as its coding,
/// be left of a run that was stopped, be a pipe or a device, or lead out of the root. No file, manifest or
/// directory may have a mode that keeps users out who may read most of the files.
///
/// Of a root that Django collected, or that was collected without manifests, what its names and
/// codings say is verified.
public struct RootCheck: Sendable {
  private let root: BytePath
  private let jobs: Int?

  /// A check of `root` that reads `jobs` files at a time, at least 1; nil for one for each
  /// processor.
  public init(root: BytePath, jobs: Int? = nil) {
    self.root = root
    self.jobs = jobs
  }

  /// Does the work.
  ///
  /// - Parameter progress: where to tell how far it is; made for one run.
  /// - Throws: `usage` for what is no directory, `system` when a manifest cannot be read.
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
        problems += mode.problem(ofFile: bits).map { [RootProblem(file: name, text: $0)] } ?? []
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
      // A pipe in the place of a coding is found in two ways.
      let found = report.problems
      report.problems += problems.filter { !found.contains($0) }
      report.problems.sort { ($0.file.bytes, $0.text) < ($1.file.bytes, $1.text) }
      return report
    } catch {
      throw .system(error)
    }
  }

  /// Whether a root without manifests is not a copy (`--no-post-process`): it is empty, all of its
  /// files have hashed names, or a file stands beside one with its name and a hash.
  private static func lacksManifests(_ items: [CheckedFile]) -> Bool {
    let names = Set(items.map(\.name))
    let hashed = names.filter { HashedName.looksHashed($0) }
    guard hashed.count < names.count else { return true }
    return hashed.contains { HashedName.withoutHash($0).map(names.contains) == true }
  }
}

/// Orders problems by file and then by text.
private func < (first: ([UInt8], String), second: ([UInt8], String)) -> Bool {
  first.0 == second.0 ? first.1 < second.1 : first.0.lexicographicallyPrecedes(second.0)
}
