// thread_annotations.h: which lock guards what, as the compiler can check it: clang's -Wthread-safety, which
// tests/thread_safety.sh asks. To other compilers these words mean nothing. The locks that carry them are in mutex.h.
//
//   int count EQ_GUARDED_BY(mutex_);       read and written by whoever holds mutex_, and by nobody else
//   void Add() EQ_REQUIRES(mutex_);        is called with mutex_ held
//   void Post() EQ_EXCLUDES(mutex_);       takes mutex_ itself: who holds it would wait for himself
#pragma once

#if defined(__clang__)
#define EQ_THREAD_ATTRIBUTE(attribute) __attribute__((attribute))
#else
#define EQ_THREAD_ATTRIBUTE(attribute)
#endif

#define EQ_GUARDED_BY(mutex) EQ_THREAD_ATTRIBUTE(guarded_by(mutex))
#define EQ_REQUIRES(...) EQ_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define EQ_EXCLUDES(...) EQ_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))

// Of the locks themselves.
#define EQ_CAPABILITY(name) EQ_THREAD_ATTRIBUTE(capability(name))
#define EQ_SCOPED_CAPABILITY EQ_THREAD_ATTRIBUTE(scoped_lockable)
#define EQ_ACQUIRE(...) EQ_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define EQ_RELEASE(...) EQ_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
