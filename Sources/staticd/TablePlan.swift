internal import Glibc
internal import StaticAssets
internal import StaticServer

/// What the command line says about the files to serve, checked: a table can be built from it as
/// often as need be.
struct TablePlan {
  /// The directories, in the order in which they were given.
  let mounts: [FileTable.Mount]

  /// Whether every change is to be followed at once.
  let isRefreshed: Bool

  private var options: FileTable.Options
  /// The option that each directory comes from, and each page.
  private var directoryOrigins: [String: String] = [:]
  private var pageOrigins: [String: String] = [:]

  /// Reads the options, or throws what is wrong with them.
  ///
  /// - Parameter hasApp: whether what is nothing of these directories' goes to an app.
  init(_ mounts: MountOptions, _ policy: PolicyOptions, hasApp: Bool = false) throws {
    let given = try mounts.mounts()
    self.mounts = given.map(\.mount)
    isRefreshed = mounts.autorefresh
    options = try policy.tableOptions(maxAge: isRefreshed ? 0 : 60)
    if isRefreshed {
      options.answersHashedNames = true
      options.immutableNames = []
    }
    // Templates ask Django.
    options.answersURLs = false
    options.refusesAmbiguousPaths = hasApp
    // Connections need descriptors more than large files do.
    options.openFilesMax = min(512, DescriptorLimit.current / 4)
    for page in options.errorPages { pageOrigins[page.value] = "--error-page" }
    if let fallback = options.fallback {
      guard self.mounts.contains(where: { $0.kind == .public }) else {
        throw CommandFailure(
          .usage,
          "--fallback '\(fallback)': it is sent below a --public path; give one"
        )
      }
      guard !fallback.isEmpty else { throw CommandFailure(.usage, "--fallback '': give a file") }
      pageOrigins[fallback] = "--fallback"
    }
    for (mount, option) in given { directoryOrigins[mount.directory] = option }
  }

  /// The files that are sent for names that have none.
  var pages: [String] {
    options.errorPages.values.sorted() + (options.fallback.map { [$0] } ?? [])
  }

  /// The directories for people: `'staticfiles', 'public'`.
  var directories: String { mounts.map { "'\($0.directory)'" }.joined(separator: ", ") }

  /// A table of what is there now.
  func build() throws -> FileTable {
    do throws(AssetError) {
      return try FileTable.build(mounts, options: options)
    } catch {
      throw failure(for: error)
    }
  }

  /// Throws what would keep a server from starting, apart from what is in a collected root.
  func checkFiles() throws {
    do throws(AssetError) {
      _ = try FileTable.build(mounts.filter { $0.kind != .collected }, options: options)
    } catch {
      throw failure(for: error)
    }
  }

  private func failure(for error: AssetError) -> CommandFailure {
    switch error {
    case .tooManyFields: return CommandFailure(.usage, "--header: \(error)")
    case .largePage: return CommandFailure(.usage, "--error-page: \(error)")
    case .unreadable(let cause):
      guard [ENOENT, ENOTDIR, EISDIR].contains(cause.code) else { break }
      // Only a page can be a directory by mistake.
      let directoryOrigin = cause.code == EISDIR ? nil : directoryOrigins[cause.path]
      guard let option = directoryOrigin ?? pageOrigins[cause.path] else { break }
      let place = "\(option) '\(cause.path)'"
      switch option {
      case "--root":
        return CommandFailure(.usage, "\(place) is no directory; run 'staticd collect' first")
      case "--public", "--source":
        return CommandFailure(.usage, "\(place) is no directory; make it or leave it out")
      default:
        return CommandFailure(.usage, "\(place) is no file; give its path from here")
      }
    case .malformedManifest, .unusableManifestValue, .tooLarge: break
    }
    return CommandFailure(.system, error.description)
  }
}
