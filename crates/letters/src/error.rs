//! What can be wrong with letters.

/// Why a letter cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum LetterError {
    /// There is no template of a name.
    #[error("there is no template {file}")]
    TemplateMissing {
        /// The file's name.
        file: String,
    },
    /// A template cannot be read, or names what there is not.
    #[error("{file}:{line}: {message}")]
    Template {
        /// The file's name.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The file of the sender is not what it should be.
    #[error("{}:{line}: {message}", crate::SENDER_FILE)]
    Sender {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A value of the sender's file is still to be filled in.
    #[error("{}:{line}: still to be filled in: {text}", crate::SENDER_FILE)]
    SenderOpen {
        /// The line, from 1.
        line: usize,
        /// The line as it stands.
        text: String,
    },
    /// The sender's file says how to answer in a language that letters are not written in.
    #[error("{}: there are no letters in the language `{language}`", crate::SENDER_FILE)]
    AnswerLanguage {
        /// The language's code.
        language: String,
    },
    /// The sender's file does not say in the letters' language how to answer.
    #[error("{}: `{language}` is missing or empty under `[answer]`", crate::SENDER_FILE)]
    AnswerMissing {
        /// The language's code.
        language: &'static str,
    },
    /// A contract needs a wage, and the age is in no band of the table.
    #[error("{applicant} is {age} on the first day of {job}, and `[[wages]]` has no band for that age")]
    NoWage {
        /// To whom the letter is.
        applicant: String,
        /// The job.
        job: String,
        /// The age on the first day.
        age: i16,
    },
    /// A contract needs the paid time, and the job does not state it.
    #[error("{job}, which {applicant} has, states no `hours`")]
    NoHours {
        /// To whom the letter is.
        applicant: String,
        /// The job.
        job: String,
    },
}
