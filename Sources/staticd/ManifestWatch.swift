internal import Glibc

/// Notices that another release was published into a root.
///
/// The manifests are looked at once a second: unlike a notification from the kernel that also works
/// for a root on a network, and for one that is a link turned to the next release's directory.
struct ManifestWatch {
  /// What changes when a file is replaced or written; all zeros when there is none.
  private struct Identity: Equatable {
    var device: UInt64 = 0
    var number: UInt64 = 0
    var byteCount: Int64 = 0
    var seconds: Int = 0
    var nanoseconds: Int = 0
  }

  private let paths: [String]
  private var last: [Identity]

  /// Watches the manifests in the directory `root`, from what they are now on.
  init(root: String) {
    paths = ["staticfiles.json", "staticd.json"].map { "\(root)/\($0)" }
    last = paths.map(Self.identity)
  }

  /// Whether a manifest is another one than at the last call.
  ///
  /// One that has gone is no new release; it may be on its way back.
  mutating func hasChanged() -> Bool {
    let now = paths.map(Self.identity)
    let isChanged = zip(now, last).contains { $0 != $1 && $0 != Identity() }
    if isChanged { last = now }
    return isChanged
  }

  private static func identity(_ path: String) -> Identity {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return Identity() }
    return Identity(
      device: UInt64(status.st_dev),
      number: UInt64(status.st_ino),
      byteCount: Int64(status.st_size),
      seconds: status.st_mtim.tv_sec,
      nanoseconds: status.st_mtim.tv_nsec
    )
  }
}
