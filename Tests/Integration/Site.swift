import Foundation

/// The Python programs beside these tests.
enum Site {
  /// Their directory.
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Site"

  /// A script of sh that becomes a program which finds processes alone in /proc, as services with
  /// ProcSubset=pid do; in a mount namespace of its own.
  static let processesAlone =
    "mount -t proc -o subset=pid,hidepid=invisible proc /proc && exec \"$@\""
}
