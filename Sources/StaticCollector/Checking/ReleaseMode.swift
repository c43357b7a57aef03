internal import StaticAssets

/// The most frequent mode of the current release's files, with which the others are compared.
///
/// All files of a release are written with one mode, so another mode was set later. An older file or
/// a directory that fewer users can read keeps a server that runs as another user from reading it.
struct ReleaseMode {
  /// The permission bits; nil if no file is recorded.
  private let common: UInt32?
  /// The current release; nil if nothing is recorded.
  private let current: [UInt8]?

  /// - Parameters:
  ///   - recorded: the manifests.
  ///   - root: the root.
  init(_ recorded: RecordedRoot, _ root: borrowing Directory) {
    var counts: [UInt32: Int] = [:]
    current = recorded.collected?.reader.releases.first
    for file in recorded.collected?.reader.files ?? [] where file.release == current {
      guard let status = try? FileStatus.of(file.name, in: root.number, followsLinks: false),
        status.isRegular
      else { continue }
      counts[status.mode, default: 0] += 1
    }
    // Of equally frequent modes, the one with more read bits.
    common =
      counts.max {
        ($0.value, Self.readers($0.key), $0.key) < ($1.value, Self.readers($1.key), $1.key)
      }?
      .key
  }

  /// The problem with the mode of a manifest; nil if there is none.
  func problem(ofManifest mode: UInt32) -> String? { problem(mode, isCurrent: true) }

  /// The problem with the mode of a file or of a coding of it; nil if there is none.
  ///
  /// - Parameter record: the entry of `staticd.json` for the file.
  func problem(ofFile mode: UInt32, _ record: CollectedManifestText.File) -> String? {
    problem(mode, isCurrent: record.release == current)
  }

  private func problem(_ mode: UInt32, isCurrent: Bool) -> String? {
    guard let common, mode != common else { return nil }
    let mine = "its mode 0\(Self.octal(mode))"
    let advice = "make it 0\(Self.octal(common))"
    guard mode & Self.readers(common) == Self.readers(common) else {
      return "\(mine) lets fewer users read it than most files; \(advice)"
    }
    // An older release may have been collected with another mode.
    return isCurrent ? "\(mine) is not that of most files; \(advice)" : nil
  }

  /// The problems with the modes of the release's directories.
  ///
  /// A user who may read the files and search the root must be able to search these directories.
  /// The root's own mode is not checked: with a umask of 077, the root and all directories in it
  /// are private to one user.
  func problems(of listing: RootListing, _ recorded: RecordedRoot) -> [RootProblem] {
    guard let common, let files = recorded.collected?.files.keys else { return [] }
    // Group and others need the search bit where the files have their read bit.
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
