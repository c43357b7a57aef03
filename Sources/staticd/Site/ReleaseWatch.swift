internal import CLinux
internal import Glibc
internal import StaticAssets

/// Notices that another release is to be served.
///
/// The files and directories of a table are looked at once a second: unlike a notification from
/// the kernel that also works for a root on a network, and for one that is a link turned to the
/// next release's directory.
struct ReleaseWatch {
  /// What changes when a file is replaced or written; all zeros when there is none.
  private struct Identity: Equatable {
    var device: UInt64 = 0
    var number: UInt64 = 0
    var byteCount: Int64 = 0
    var seconds: Int = 0
    var nanoseconds: Int = 0
  }

  private let files: [String]
  private let directories: [String]
  private var last: [Identity]

  /// Watches what `plan` serves, from what it is now on: the manifests of a collected root, the
  /// pages, and whether a directory is another one.
  ///
  /// What is put into a public directory is not looked for, as it may be half there.
  init(_ plan: TablePlan) {
    let roots = plan.mounts.filter { $0.kind == .collected }.map(\.directory)
    let manifests = roots.flatMap { ["\($0)/staticfiles.json", "\($0)/staticd.json"] }
    files = manifests + plan.pages
    directories = plan.mounts.map(\.directory)
    last = []
    last = identities()
  }

  /// Whether something is another than at the last call.
  ///
  /// What has gone is no new release; it may be on its way back.
  mutating func hasChanged() -> Bool {
    let now = identities()
    let isChanged = zip(now, last).contains { $0 != $1 && $0 != Identity() }
    if isChanged { last = now }
    return isChanged
  }

  private func identities() -> [Identity] {
    files.map(Self.identity)
      + directories.map { path in
        let found = Self.identity(path)
        return Identity(device: found.device, number: found.number)
      }
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
