internal import StaticAssets

/// Validation of the options before a run.
extension CollectOptions {
  /// The options with defaults filled in, except for the number of jobs.
  ///
  /// - Throws: `usage` for invalid options, `system` if the umask cannot be read.
  func checked() throws(CollectError) -> CollectOptions {
    var checked = self
    checked.staticURL = try checkedURL()
    _ = try JobCount.of(jobs)
    guard keptReleaseCount > 0 else {
      throw .usage("\(keptReleaseCount) releases to keep: the current one has to stay")
    }
    guard deltaReleaseCount >= 0 else {
      throw .usage("deltas for \(deltaReleaseCount) releases: give 0 for none")
    }
    for dictionary in dictionaries {
      if let mistake = dictionary.mistake {
        throw .usage("dictionary for '\(dictionary.pattern)': \(mistake)")
      }
      guard dictionaries.count(where: { $0.file == dictionary.file }) == 1 else {
        throw .usage(
          "'\(dictionary.file)' is a dictionary twice: browsers take one pattern for each"
        )
      }
    }
    guard postProcesses || !keepsOnlyHashed else {
      throw .usage("to keep only hashed names, files have to be given such names")
    }
    guard postProcesses || earlierReleases.isEmpty else {
      throw .usage("to carry hashed files over, files have to be given such names")
    }
    for mode in [fileMode, directoryMode].compactMap({ $0 }) where mode > 0o7777 {
      throw .usage("mode \(String(mode, radix: 8)) has more than four octal digits")
    }
    if fileMode == nil { checked.fileMode = 0o666 & ~(try Self.umask()) }
    return checked
  }

  /// Whether files may get deltas.
  var makesDeltas: Bool {
    postProcesses && codings.contains(.dictionaryZstandard)
      && (deltaReleaseCount > 0 || !dictionaries.isEmpty)
  }

  /// The number of files that are processed at a time.
  var jobCount: Int { jobs ?? JobCount.ofProcessors }

  /// The mode of every file.
  var exactFileMode: UInt32 {
    guard let fileMode else { preconditionFailure("decided before the run began") }
    return fileMode
  }

  private func checkedURL() throws(CollectError) -> String {
    guard let prefix = URLPrefix(staticURL) else {
      throw .usage("static URL '\(staticURL)': make it a path such as /static/, or a URL")
    }
    return prefix.url
  }

  /// The umask of the process, read from procfs: umask(2) would change it for all threads
  /// meanwhile.
  ///
  /// Source: proc_pid_status(5), `Umask`, since Linux 4.7.
  private static func umask() throws(CollectError) -> UInt32 {
    let path: BytePath = "/proc/self/status"
    do throws(FileError) {
      let text = String(decoding: try LoadedFile.read(path), as: UTF8.self)
      for line in text.split(separator: "\n") where line.hasPrefix("Umask:\t") {
        if let mask = UInt32(line.dropFirst(7), radix: 8) { return mask }
      }
    } catch {
      throw .system(error)
    }
    throw .usage("'\(path)' does not tell the umask; name the mode of files")
  }
}
