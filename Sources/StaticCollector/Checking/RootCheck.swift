public import StaticAssets
internal import Synchronization

/// Something in a collected root that is not as its manifests say.
public struct RootProblem: Equatable, Sendable, CustomStringConvertible {
  /// The file, below the root.
  public let file: FilePath
  /// What is wrong.
  public let text: String

  /// The problem as `file: text`.
  public var description: String {
    "\(file): \(text)".replacing("\n", with: "\\n")
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
/// Every file that a manifest names must be there with the content that its name, its length and
/// its digests say; every coding, listed or lying beside its file, must decode to that file.
public struct RootCheck: Sendable {
  private let root: FilePath
  private let jobs: Int?

  /// A check of `root` that reads `jobs` files at a time, at least 1; nil for one for each
  /// processor.
  public init(root: FilePath, jobs: Int? = nil) {
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
      let items = CheckedFile.all(recorded)
      progress.begin(.reading, count: items.count)
      let check = FileCheck(directory, items, progress)
      var report = await check.run(jobs: jobs)
      report.problems += recorded.problems + Self.compare(recorded)
      report.problems.sort { ($0.file.bytes, $0.text) < ($1.file.bytes, $1.text) }
      return report
    } catch {
      throw .system(error)
    }
  }

  /// What the manifests say of each other.
  private static func compare(_ recorded: RecordedRoot) -> [RootProblem] {
    guard let paths = recorded.paths else {
      guard recorded.problems.isEmpty else { return [] }
      return [RootProblem(file: ManifestName.django, text: "there is none; collect first")]
    }
    var problems: [RootProblem] = []
    if !recorded.hash.isEmpty, recorded.hash != DjangoManifestText(paths).hash {
      problems.append(RootProblem(file: ManifestName.django, text: "its hash is of other names"))
    }
    guard let files = recorded.files else { return problems }
    for (name, published) in paths {
      guard let file = files[published] else {
        problems.append(
          RootProblem(file: published, text: "staticd.json lacks it, staticfiles.json has it")
        )
        continue
      }
      if !file.isHashed {
        problems.append(RootProblem(file: published, text: "staticd.json does not let it be kept"))
      }
      if file.original.bytes != HashedName.clean(name.bytes) {
        problems.append(
          RootProblem(file: published, text: "it is '\(name)' to Django, '\(file.original)' to us")
        )
      }
    }
    return problems
  }
}

/// Orders problems by file and then by text.
private func < (first: ([UInt8], String), second: ([UInt8], String)) -> Bool {
  first.0 == second.0 ? first.1 < second.1 : first.0.lexicographicallyPrecedes(second.0)
}
