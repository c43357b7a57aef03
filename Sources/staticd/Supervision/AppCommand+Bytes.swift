/// The app's arguments and environment as bytes, since they may be in any encoding.
extension AppCommand {
  /// The program and its arguments.
  ///
  /// - Parameter given: the bytes of the command that was planned.
  func words(_ given: [[UInt8]]) -> [[UInt8]] {
    let insertedCount = arguments.count - given.count
    guard insertedCount > 0, let index = invocation.insertionIndex else { return given }
    let inserted = arguments[index..<index + insertedCount].map { Array($0.utf8) }
    return given[..<index] + inserted + given[index...]
  }

  /// The app's environment: the inherited one, changed by `variables` and `removed`.
  func environment(_ inherited: [[UInt8]]) -> [[UInt8]] {
    var ours = variables.mapValues { Array($0.utf8) }
    let kept = inherited.filter { entry in
      let name = String(decoding: entry.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
      if name == GunicornArguments.variable, let told = variables[name] {
        ours[name] = Self.completed(entry.dropFirst(name.utf8.count + 1), told)
      }
      // systemd's variables are for this process only. sd_listen_fds(3), sd_notify(3)
      return variables[name] == nil && !removed.contains(name) && !name.hasPrefix("LISTEN_")
        && !ServiceManager.variables.contains(name) && name != InheritedSockets.handoverVariable
    }
    return kept
      + ours.sorted { $0.key < $1.key }.map { Array("\($0.key)=".utf8) + $0.value }
  }

  /// `told` with the original bytes of `inherited`, if it begins with that text.
  private static func completed(_ inherited: ArraySlice<UInt8>, _ told: String) -> [UInt8] {
    let text = String(decoding: inherited, as: UTF8.self)
    guard told.hasPrefix(text) else { return Array(told.utf8) }
    return Array(inherited) + told.utf8.dropFirst(text.utf8.count)
  }
}
