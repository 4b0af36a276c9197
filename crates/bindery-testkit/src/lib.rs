//! What Bindery's tests share: a throwaway server, its clients, its provisioning. Only ever a dev-dependency.
