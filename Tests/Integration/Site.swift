import Foundation

/// The Python programs beside these tests.
enum Site {
  /// Their directory.
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Site"
}
