#if !ServiceLifecycle
  /// The service is there with the trait `ServiceLifecycle`.
  @available(
    *,
    unavailable,
    message: "add traits: [\"ServiceLifecycle\"] to the dependency on staticd"
  )
  public struct StaticServerService {}
#endif
