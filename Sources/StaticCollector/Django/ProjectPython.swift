internal import Glibc
internal import StaticAssets

/// Finds the Python that a project runs with.
enum ProjectPython {
  /// The Python of the project's virtual environment, or else `python3`.
  ///
  /// In this order: `.venv`, `venv` and the directory in `UV_PROJECT_ENVIRONMENT`, in the project
  /// and in the directories above it up to the one with `pyproject.toml` or `.git`; the active
  /// environment (`VIRTUAL_ENV`); Poetry's, if there is a `poetry.lock`; the environment that this
  /// program was installed into with pip, if it has Django.
  static func executable(for project: BytePath) -> BytePath {
    let directories = directories(of: project.resolved ?? project.absolute)
    for directory in directories {
      for place in [".venv", "venv", Environment.path("UV_PROJECT_ENVIRONMENT")].compactMap({ $0 })
      {
        let isAbsolute = place.bytes.first == UInt8(ascii: "/")
        if let python = python(in: isAbsolute ? place : directory.appending(place)) {
          return python
        }
      }
    }
    if let active = Environment.path("VIRTUAL_ENV"), let python = python(in: active) {
      return python
    }
    for directory in directories where exists(directory, "poetry.lock") {
      if let python = poetrysPython(directory) { return python }
    }
    return ownEnvironmentsPython() ?? "python3"
  }

  /// The Python beside this program, if both are in a virtual environment that has Django.
  private static func ownEnvironmentsPython() -> BytePath? {
    guard let program = BytePath("/proc/self/exe").resolved else { return nil }
    let environment = program.parent.parent
    guard exists(environment, "pyvenv.cfg") else { return nil }
    let library = environment.appending(BytePath("lib"))
    guard let descriptor = try? Descriptor.open(library, flags: FileFlags.directory) else {
      return nil
    }
    var hasDjango = false
    try? DirectoryWalk.run(descriptor, root: library) { candidate in
      let packages = candidate.path.appending(BytePath("site-packages/django/__init__.py"))
      if candidate.isDirectory, exists(library.appending(packages), "") { hasDjango = true }
      return false
    } visit: { _ in
    }
    return hasDjango ? python(in: environment) : nil
  }

  /// The project's directory and its parents up to the top of the project.
  private static func directories(of project: BytePath) -> [BytePath] {
    var directories = [project]
    while let last = directories.last, !last.isEmpty {
      if exists(last, "pyproject.toml") || exists(last, ".git") { return directories }
      directories.append(last.parent)
    }
    return [project]
  }

  private static func python(in environment: BytePath) -> BytePath? {
    let path = environment.appending(BytePath("bin/python"))
    return exists(path, "") ? path : nil
  }

  private static func poetrysPython(_ directory: BytePath) -> BytePath? {
    let command: [BytePath] = ["poetry", "env", "info", "--executable"]
    let program = try? Subprocess(running: command, in: directory, seconds: 60)
    guard let program, program.end == .status(0) else { return nil }
    let lines = program.output.split(separator: UInt8(ascii: "\n"))
    return lines.last.map { BytePath($0) }.flatMap { exists($0, "") ? $0 : nil }
  }

  private static func exists(_ directory: BytePath, _ name: String) -> Bool {
    let path = name.isEmpty ? directory : directory.appending(BytePath(name))
    return (try? FileStatus.of(path)) != nil
  }
}
