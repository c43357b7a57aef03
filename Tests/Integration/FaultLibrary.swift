import Foundation
import TestSupport

/// The library of `Faults/faults.c`, which is preloaded into a program to make its calls fail or wait.
enum FaultLibrary {
  /// The path of the library, compiled once.
  static var path: String { compiled.path }

  private static let compiled: (directory: TemporaryDirectory, path: String) = {
    let directory = TemporaryDirectory()
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    let library = directory.path("faults.so")
    let result = Command.run([
      "clang", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "\(source)/Faults/faults.c", "-o",
      library,
    ])
    precondition(result.status == 0, result.errors)
    return (directory, library)
  }()
}
