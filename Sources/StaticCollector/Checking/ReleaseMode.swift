internal import StaticAssets

/// The mode that most files of the current release have, which the others are compared with.
///
/// Everything of a release is written with one mode, so a file, a manifest or a directory that fewer
/// users can read keeps a server of another user from it.
struct ReleaseMode {
  /// The permission bits; nil where nothing is recorded.
  private let common: UInt32?

  /// - Parameters:
  ///   - recorded: what the manifests say.
  ///   - root: the root.
  init(_ recorded: RecordedRoot, _ root: borrowing Directory) {
    var counts: [UInt32: Int] = [:]
    let label = recorded.collected?.reader.releases.first
    for file in recorded.collected?.reader.files ?? [] where file.release == label {
      guard let status = try? FileStatus.of(file.name, in: root.number, followsLinks: false),
        status.isRegular
      else { continue }
      counts[status.mode, default: 0] += 1
    }
    // Of modes that are equally frequent, the one that lets more users in.
    common =
      counts.max {
        ($0.value, Self.readers($0.key), $0.key) < ($1.value, Self.readers($1.key), $1.key)
      }?
      .key
  }

  /// What is wrong with the mode of a file or a manifest; nil when nothing is.
  func problem(ofFile mode: UInt32) -> String? {
    guard let common, mode & Self.readers(common) != Self.readers(common) else { return nil }
    return "its mode 0\(Self.octal(mode)) lets fewer users read it than most files; "
      + "make it 0\(Self.octal(common))"
  }

  /// What is wrong with the directories of the release: who may read the files and enter the root has to
  /// get to them.
  ///
  /// The root's own mode is not judged. A umask of 077 gives it, and all directories in it, to one user.
  func problems(of listing: RootListing, _ recorded: RecordedRoot) -> [RootProblem] {
    guard let common, let files = recorded.collected?.files.keys else { return [] }
    // Owner, group and others each need the bit to search where they have the one to read.
    let rootMode = listing.directoryModes[BytePath("")] ?? 0
    let searchers = (Self.readers(common) & 0o044) >> 2 & rootMode
    var directories: Set<BytePath> = [BytePath("")]
    for name in files {
      var directory = name.parent
      while directories.insert(directory).inserted { directory = directory.parent }
    }
    return directories.compactMap { directory in
      guard let mode = listing.directoryModes[directory], mode & searchers != searchers else {
        return nil
      }
      let wanted = mode | searchers | Self.readers(common) & 0o044
      return RootProblem(
        file: directory,
        text: "the mode 0\(Self.octal(mode)) of this directory keeps users out who may read its "
          + "files; make it 0\(Self.octal(wanted))"
      )
    }
  }

  private static func readers(_ mode: UInt32) -> UInt32 { mode & 0o444 }

  private static func octal(_ mode: UInt32) -> String { String(mode, radix: 8) }
}
