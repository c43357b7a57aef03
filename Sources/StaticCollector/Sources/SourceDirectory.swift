public import StaticAssets

/// One entry of STATICFILES_DIRS.
public struct SourceDirectory: Equatable, Sendable {
  /// Where its files go below the root; empty for the root itself, without slashes at its ends.
  public let prefix: FilePath
  /// The directory.
  public let path: FilePath

  /// The files of `path`, collected below `prefix`.
  public init(path: FilePath, prefix: FilePath = FilePath("")) {
    self.path = path
    self.prefix = prefix
  }
}

/// A file to collect.
struct SourceFile: Sendable {
  /// Django's name for it: the destination below the root, with its backslashes.
  let name: FilePath
  /// Where it was found.
  let path: FilePath

  /// The name under which it is collected: slashes for backslashes.
  var destination: FilePath { FilePath(HashedName.clean(name.bytes)) }
}

/// What the source directories hold, first found first.
struct SourceListing {
  private(set) var files: [SourceFile] = []
  /// Files hidden by one with the same destination in an earlier source.
  private(set) var skipped: [SourceFile] = []
  private(set) var problems: [Problem] = []

  private var destinations: Set<FilePath> = []
  private let ignored: IgnorePatterns

  /// Lists `sources` in their order.
  ///
  /// - Throws: when a source itself cannot be listed.
  init(_ sources: [SourceDirectory], ignored: IgnorePatterns) throws(FileError) {
    self.ignored = ignored
    for source in sources {
      var walk = SourceWalk(source, ignored: ignored)
      try walk.run()
      problems += walk.problems
      for file in walk.files {
        if destinations.insert(file.destination).inserted {
          files.append(file)
        } else {
          skipped.append(file)
        }
      }
    }
  }
}

/// Walks one source directory, links followed.
private struct SourceWalk {
  private(set) var files: [SourceFile] = []
  private(set) var problems: [Problem] = []

  private let source: SourceDirectory
  private let ignored: IgnorePatterns

  /// A directory to list, with those that lead to it: a link back to one of them ends there.
  private struct Pending {
    let name: FilePath
    let ancestors: [FileIdentity]
  }

  init(_ source: SourceDirectory, ignored: IgnorePatterns) {
    self.source = source
    self.ignored = ignored
  }

  mutating func run() throws(FileError) {
    let root = try FileStatus.of(source.path)
    var pending = [Pending(name: FilePath(""), ancestors: [root.identity])]
    while let directory = pending.popLast() {
      do throws(FileError) {
        try list(directory, &pending)
      } catch {
        guard !directory.name.isEmpty else { throw error }
        report(source.path.appending(directory.name), error)
      }
    }
  }

  private mutating func list(
    _ directory: Pending,
    _ pending: inout [Pending]
  ) throws(FileError) {
    let path = directory.name.isEmpty ? source.path : source.path.appending(directory.name)
    let opened = try Descriptor.open(path, flags: FileFlags.directory)
    // Sorted, so that the outcome does not depend on the file system.
    let entries = try opened.entries(of: path).sorted {
      $0.name.bytes.lexicographicallyPrecedes($1.name.bytes)
    }
    var directories: [Pending] = []
    for entry in entries {
      let name = directory.name.appending(entry.name)
      let path = source.path.appending(name)
      do throws(FileError) {
        let isIgnored = ignored.ignoresDirectory(entry.name)
        let status = try FileStatus.of(path)
        if status.isDirectory {
          guard !isIgnored, !directory.ancestors.contains(status.identity) else { continue }
          directories.append(
            Pending(name: name, ancestors: directory.ancestors + [status.identity])
          )
        } else if !ignored.ignoresFile(entry.name, at: name) {
          add(name, path, status)
        }
      } catch {
        if !ignored.ignoresFile(entry.name, at: name) { report(path, error) }
      }
    }
    pending += directories.reversed()
  }

  private mutating func add(_ name: FilePath, _ path: FilePath, _ status: FileStatus) {
    guard status.isRegular else {
      problems.append(
        Problem(
          kind: .unreadable,
          file: path.description,
          line: nil,
          text: "this is no regular file; remove it or ignore it with --ignore"
        )
      )
      return
    }
    files.append(SourceFile(name: source.prefix.appending(name), path: path))
  }

  private mutating func report(_ path: FilePath, _ error: FileError) {
    let text = FileError.text(of: error.code)
    let isLink = (try? FileStatus.of(path, followsLinks: false)) != nil
    problems.append(
      Problem(
        kind: .unreadable,
        file: path.description,
        line: nil,
        text: isLink && error.operation == "read"
          ? "this link leads nowhere (\(text)); mend it or ignore it with --ignore"
          : "cannot \(error.operation) this: \(text)"
      )
    )
  }
}
